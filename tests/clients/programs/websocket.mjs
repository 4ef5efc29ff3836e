// graphql-ws: subscriptions over WebSocket, by the subprotocol graphql-transport-ws.
import { createClient } from 'graphql-ws';
import WebSocket from 'ws';
import { check, end, endpoint, equal, given } from './checks.mjs';
import { asked, behaves, outcome } from './stream.mjs';

const address = endpoint.replace('http', 'ws');
const clients = [];

function connected(key) {
  const connectionParams = key && { authorization: `Bearer ${key}` };
  const client = createClient({ url: address, webSocketImpl: WebSocket, connectionParams, retryAttempts: 0 });
  clients.push(client);
  return client;
}

const FORBIDDEN = 4403;
await behaves((key, after) => connected(key).iterate(asked(after)));

const wrong = await outcome(connected(given.wrong_key).iterate(asked(0)));
equal('a wrong key is refused', wrong.code ?? wrong.message, FORBIDDEN);
const nobody = await outcome(connected().iterate(asked(0)));
equal('no key is refused', nobody.code ?? nobody.message, FORBIDDEN);

const nothing = { query: 'subscription { events(after: 0) { nothing } }' };
const mistaken = await outcome(connected(given.key).iterate(nothing));
equal('a field that is not there is refused with its place', mistaken[0]?.locations, [{ line: 1, column: 35 }]);
const answered = await outcome(connected(given.key).iterate({ query: '{ __typename }' }));
equal('a query is answered on such a connection', answered.data, { __typename: 'Query' });

const spoken = await new Promise((settle) => {
  const socket = new WebSocket(address, 'graphql-ws');
  const refused = () => settle(false);
  socket.on('error', refused).on('close', refused).on('open', () => socket.protocol && settle(true));
});
check('the older subprotocol is not spoken', !spoken);
for (const client of clients) client.dispose();
end();
