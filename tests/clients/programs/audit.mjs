// graphql-http: its audit of GraphQL over HTTP. A warning counts as a failure, and so does an audit left out.
import { auditServer } from 'graphql-http';
import { check, end, endpoint, given, planted } from './checks.mjs';

function asking(address, init = {}) {
  return fetch(address, { ...init, headers: { authorization: `Bearer ${given.key}`, ...init.headers } });
}

async function lying(address, init) {
  const answer = await asking(address, init);
  return new Response(answer.body, { status: answer.status, headers: { 'content-type': 'application/json; charset=utf-8' } });
}

const fetchFn = planted ? lying : asking;
const results = await auditServer({ url: endpoint, fetchFn });
for (const { id, name, status, reason } of results) check(`${id} ${name}`, status === 'ok', `${status}, ${reason}`);
end();
