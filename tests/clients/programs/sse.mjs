// graphql-sse: subscriptions over server-sent events, a connection for each.
import { createClient } from 'graphql-sse';
import { end, endpoint, equal, given } from './checks.mjs';
import { asked, behaves, outcome } from './stream.mjs';

const clients = [];

function connected(key) {
  const headers = key && { authorization: `Bearer ${key}` };
  const client = createClient({ url: endpoint, headers, retryAttempts: 0 });
  clients.push(client);
  return client;
}

await behaves((key, after) => connected(key).iterate(asked(after)));

const wrong = await outcome(connected(given.wrong_key).iterate(asked(0)));
equal('a wrong key is refused', wrong.response?.status ?? wrong, 401);
const nobody = await outcome(connected().iterate(asked(0)));
equal('no key is refused', nobody.response?.status ?? nobody, 401);

const nothing = { query: 'subscription { events(after: 0) { nothing } }' };
const mistaken = await outcome(connected(given.key).iterate(nothing));
const told = mistaken.response ? await mistaken.response.json() : mistaken;
equal('a field that is not there is refused with its place', told.errors?.[0].locations, [{ line: 1, column: 35 }]);
const answered = await outcome(connected(given.key).iterate({ query: '{ __typename }' }));
equal('a query is answered as a stream of one', answered.data, { __typename: 'Query' });
for (const client of clients) client.dispose();
end();
