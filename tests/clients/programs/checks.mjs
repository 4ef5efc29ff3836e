// What each program in JavaScript is given, and how it says of each check whether it held.
import { readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';

export const given = JSON.parse(readFileSync(process.argv[2], 'utf8'));
export const planted = process.argv.includes('--planted');
export const endpoint = `${given.url}/graphql`;
let broken = 0;

export function check(sentence, holds, detail = '') {
  if (!holds) broken += 1;
  console.log(holds ? `ok ${sentence}` : `BROKEN ${sentence}: ${String(detail).slice(0, 1500)}`);
  return holds;
}

export function equal(sentence, found, expected) {
  return check(sentence, isDeepStrictEqual(found, expected), `${JSON.stringify(found)} instead of ${JSON.stringify(expected)}`);
}

export function end() {
  process.exit(broken ? 1 : 0);
}

export async function rest(method, path, { body, headers = {}, key = given.key } = {}) {
  const answer = await fetch(given.url + path, {
    method,
    headers: { authorization: `Bearer ${key}`, ...(body && { 'content-type': 'application/json' }), ...headers },
    body: body && JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
  return answer.json();
}

export async function rename(academy, name) {
  const { version } = await rest('GET', `/v1/academies/${academy}`);
  const headers = { 'if-match': `"v${version}"`, 'content-type': 'application/merge-patch+json' };
  return rest('PATCH', `/v1/academies/${academy}`, { body: { name }, headers });
}
