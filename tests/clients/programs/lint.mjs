// redocly: its recommended rules hold for the published document.
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { check, end, equal, given, planted } from './checks.mjs';

const file = join(given.work, 'linted.json');
const document = JSON.parse(readFileSync(given.openapi, 'utf8'));
if (planted) {
  const { get } = document.paths['/v1/plans'];
  get.responses['200'] = { $ref: '#/components/responses/Nothing' };
  document.paths = { '/v1/plans': { get } };
}
writeFileSync(file, JSON.stringify(document));

const require = createRequire(import.meta.url);
const { bin } = require('@redocly/cli/package.json');
const redocly = join(dirname(require.resolve('@redocly/cli/package.json')), bin.redocly);
const env = { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true', NO_COLOR: '1' };
const told = spawnSync(process.execPath, [redocly, 'lint', '--format=json', file], { encoding: 'utf8', env });
const { totals, problems } = JSON.parse(told.stdout.slice(told.stdout.indexOf('{')));
const { errors, warnings } = totals;
check('the document has no error', errors === 0, problems.slice(0, 5).map(({ ruleId, message }) => `${ruleId}: ${message}`).join('; '));
if (!planted) equal('and no warning', warnings, 0);
end();
