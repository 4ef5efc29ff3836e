// openapi-typescript and openapi-fetch: types made of the published document, checked by tsc, and used on the service.
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import openapiTS, { astToString } from 'openapi-typescript';
import { check, end, equal, given, planted } from './checks.mjs';

const folder = join(given.work, 'typed');
mkdirSync(folder, { recursive: true });
const document = JSON.parse(readFileSync(given.openapi, 'utf8'));
if (planted) {
  const { properties, required } = document.components.schemas.MilestoneTransition;
  properties.into = properties.to;
  required.push('into');
  document.paths = Object.fromEntries(Object.entries(document.paths).filter(([path]) => path.startsWith('/v1/milestones')));
}
writeFileSync(join(folder, 'schema.d.ts'), astToString(await openapiTS(document)));
copyFileSync(join(import.meta.dirname, 'typed.ts'), join(folder, 'typed.ts'));
writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');

const require = createRequire(import.meta.url);
const tsc = join(dirname(require.resolve('typescript/package.json')), 'bin', 'tsc');
const compilerOptions = { strict: true, target: 'es2022', module: 'esnext', moduleResolution: 'bundler', types: [], lib: ['es2023', 'dom'] };
writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['typed.ts'] }));
const checked = spawnSync(process.execPath, [tsc, '--pretty', 'false', '--project', folder], { encoding: 'utf8' });
check('the types pass tsc --strict', checked.status === 0, checked.stdout + checked.stderr);

if (checked.status === 0) {
  const { run } = await import(join(folder, 'typed.js'));
  const { read, moved, stale, missing } = await run(given.url, given.key);
  equal('a milestone is read', read.status, 'planned');
  equal('and moved', [moved?.id, moved?.status, moved?.version], [read.id, 'in_progress', read.version + 1]);
  equal('the same version again is refused', stale, '/problems/stale-version');
  equal('a milestone that is not there is refused', missing, 404);
}
end();
