// The peer PostGraphile: the same tables, the same policies, its usual preset; the trust is set in each transaction.
import { createServer } from "node:http";
import { grafserv } from "postgraphile/grafserv/node";
import { makePgService } from "postgraphile/adaptors/pg";
import { PostGraphileAmberPreset } from "postgraphile/presets/amber";
import { postgraphile } from "postgraphile";

const { PEER_PORT, PEER_SOCKET, PEER_TRUST, PEER_OPTIONS, PEER_POOL } = process.env;

const instance = postgraphile({
  extends: [PostGraphileAmberPreset],
  // It would hide what points at a record through trust, plan and id: the index for that leads with trust and id.
  disablePlugins: ["PgIndexBehaviorsPlugin"],
  pgServices: [
    makePgService({
      schemas: ["app"],
      poolConfig: {
        host: PEER_SOCKET,
        user: "milepost_app",
        database: "milepost",
        max: Number(PEER_POOL),
        options: PEER_OPTIONS,
      },
    }),
  ],
  grafast: { context: { pgSettings: { "app.trust_id": PEER_TRUST, "app.actor": "peer", "app.academies": "*", "app.may": "read_sensitive,review_academies" } } },
  grafserv: { graphqlPath: "/graphql", graphiql: false, watch: false },
});

const server = createServer();
server.on("error", (error) => {
  throw error;
});
await instance.createServ(grafserv).addTo(server);
server.listen(Number(PEER_PORT), "127.0.0.1");
