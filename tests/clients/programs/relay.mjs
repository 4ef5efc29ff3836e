// relay-compiler and relay-runtime: a module compiled against the SDL, its operations trusted by manifest and run by their ids.
import { spawnSync } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import runtime from 'relay-runtime';
import { check, end, endpoint, equal, given, planted } from './checks.mjs';

const { Environment, Network, RecordSource, Store, commitMutation, fetchQuery, getSingularSelector } = runtime;
const folder = join(given.work, 'relay');
rmSync(folder, { recursive: true, force: true });
cpSync(join(import.meta.dirname, 'relay'), folder, { recursive: true });
const sdl = readFileSync(given.sdl, 'utf8');
writeFileSync(join(folder, 'schema.graphql'), planted ? sdl.replaceAll('pageInfo: PageInfo!', '') : sdl);
writeFileSync(join(folder, 'persisted.json'), '{}');
writeFileSync(join(folder, 'package.json'), '{ "type": "commonjs" }');

const require = createRequire(join(folder, 'Milestones.js'));
const compiler = join(dirname(require.resolve('relay-compiler/package.json')), 'cli.js');
const compiled = spawnSync(process.execPath, [compiler], { cwd: folder, encoding: 'utf8' });
const compiles = 'a connection, a refetchable fragment and a mutation compile against the schema';
if (!check(compiles, compiled.status === 0, compiled.stdout + compiled.stderr)) end();

const persisted = readFileSync(join(folder, 'persisted.json'), 'utf8');
const digests = Object.values(JSON.parse(persisted)).map((text) => createHash('sha256').update(text).digest('hex'));
equal('each document is kept under its SHA-256', Object.keys(JSON.parse(persisted)), digests);
const headers = { authorization: `Bearer ${given.key}`, 'content-type': 'application/json' };
const upload = () => fetch(`${endpoint}/documents`, { method: 'POST', headers, body: persisted });
const registered = await upload();
equal('the manifest is taken', registered.status, 200);
equal('with all its documents', await registered.json(), { added: 3, known: 0 });
equal('again it changes nothing', await (await upload()).json(), { added: 0, known: 3 });

async function ask(documentId, variables, key) {
  const accept = 'application/graphql-response+json, application/json';
  const asking = { ...headers, accept, authorization: `Bearer ${key}` };
  const answer = await fetch(endpoint, { method: 'POST', headers: asking, body: JSON.stringify({ documentId, variables }) });
  return answer.json();
}

const network = Network.create(({ id }, variables) => ask(id, variables, given.key));
const environment = new Environment({ network, store: new Store(new RecordSource()) });
const artifact = (name) => require(`./__generated__/${name}.graphql.js`);

function shown({ plans }) {
  const { data } = environment.lookup(getSingularSelector(artifact('Milestones_plan'), plans.nodes[0]));
  const { edges, pageInfo } = data.milestones;
  const lines = edges.map(({ node }) => environment.lookup(getSingularSelector(artifact('Milestones_line'), node)).data);
  return { id: plans.nodes[0].id, title: data.title, lines, cursor: pageInfo.endCursor };
}

const query = artifact('MilestonesQuery');
const found = await fetchQuery(environment, query, {}).toPromise();
environment.retain(runtime.createOperationDescriptor(query, {}));
const first = shown(found);
equal('a page of three is read by its id', [first.lines.length, typeof first.title], [3, 'string']);

await fetchQuery(environment, artifact('MilestonesPaginationQuery'), { id: first.id, count: 3, cursor: first.cursor }).toPromise();
const both = shown(found);
equal('the next page joins the first in the store', both.lines.slice(0, 3), first.lines);
equal('without one of them twice', new Set(both.lines.map(({ id }) => id)).size, 6);

const mutation = artifact('MilestonesMoveMutation');
const { id, version } = first.lines[0];
const move = () =>
  new Promise((onCompleted, onError) => {
    const variables = { id, version, key: randomUUID(), input: { to: 'in_progress' } };
    commitMutation(environment, { mutation, variables, onCompleted: (data, errors) => onCompleted(errors ?? data), onError });
  });
equal('a mutation answers with the record', (await move()).moveMilestone.__typename, 'Milestone');
equal('which changes where it is shown', shown(found).lines[0], { ...first.lines[0], status: 'in_progress', version: version + 1 });
equal('or with a refusal', (await move()).moveMilestone.__typename, 'StaleVersion');

const unknown = await ask('0'.repeat(64), {}, given.key);
equal('an id that nobody registered is refused', unknown.errors?.[0].extensions?.code, 'document-not-found');
const limited = await fetch(endpoint, {
  method: 'POST',
  headers: { ...headers, authorization: `Bearer ${given.documents_key}` },
  body: '{"query":"{ __typename }"}',
});
equal('a key limited to trusted documents runs no other', (await limited.json()).errors?.[0].extensions?.code, 'forbidden');
equal('and runs these', Object.keys(await ask(query.params.id, {}, given.documents_key)), ['data']);
end();
