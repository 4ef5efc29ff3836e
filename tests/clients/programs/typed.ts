// What somebody would write with openapi-fetch: a read, a change, and two refusals. It must pass the type checker as it stands.
import createClient from 'openapi-fetch';
import type { components, paths } from './schema';

type Milestone = components['schemas']['Milestone'];
type Told = { read: Milestone | undefined; moved: Milestone | undefined; stale: string | undefined; missing: number };

export async function run(baseUrl: string, key: string): Promise<Told> {
  const client = createClient<paths>({ baseUrl, headers: { authorization: `Bearer ${key}` } });
  const list = await client.GET('/v1/milestones', { params: { query: { status: 'planned', limit: 1 } } });
  const read: Milestone | undefined = list.data?.items[0];
  if (read === undefined) throw new Error(`no planned milestone: ${JSON.stringify(list.error)}`);

  const move = (no: number) =>
    client.POST('/v1/milestones/{id}/transitions', {
      params: { path: { id: read.id }, header: { 'If-Match': `"v${read.version}"`, 'Idempotency-Key': crypto.randomUUID() } },
      body: { to: 'in_progress', override: false, reason: `Try ${no}` },
    });
  const { data: moved } = await move(1);
  const { error: refused } = await move(2);
  const { response } = await client.GET('/v1/milestones/{id}', { params: { path: { id: crypto.randomUUID() } } });
  return { read, moved, stale: refused?.type, missing: response.status };
}
