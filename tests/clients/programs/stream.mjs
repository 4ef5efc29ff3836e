// What every client that follows the events must see, whichever way it is connected.
import { check, equal, given, planted, rename, rest } from './checks.mjs';

const PATIENCE = 15_000;
export const asked = (after) => ({ query: `subscription { events(after: ${after}) { position type subject data { before after } } }` });

async function head() {
  const { nextAfter } = await rest('GET', `/v1/events?after=0&limit=1&type=academy.withdrawn&academyId=${given.academy}`);
  return nextAfter;
}

async function next(events) {
  let timer;
  const late = new Promise((_, refuse) => {
    timer = setTimeout(() => refuse(new Error(`nothing after ${PATIENCE / 1000} s`)), PATIENCE);
  });
  try {
    const { value, done } = await Promise.race([events.next(), late]);
    if (done) throw new Error('the stream ended');
    if (value.errors) throw new Error(JSON.stringify(value.errors));
    return value.data.events;
  } finally {
    clearTimeout(timer);
  }
}

// Asked for before the change is made. What becomes of it is looked at afterwards.
function soon(events) {
  const told = next(events);
  told.catch(() => undefined);
  return told;
}

async function take(events, count) {
  const taken = [];
  while (taken.length < count) taken.push(await next(events));
  return taken;
}

async function attempt(sentence, run) {
  try {
    await run();
  } catch (error) {
    check(sentence, false, error.message ?? error.reason ?? JSON.stringify(error));
  }
}

// The first result, or what was thrown instead of one.
export async function outcome(results) {
  try {
    return (await results.next()).value;
  } catch (error) {
    return error;
  }
}

// `follow(key, after)` gives an async iterator of results, whose return() ends the subscription.
export async function behaves(follow) {
  let seen = await head();

  const live = 'a change over REST is told at once';
  await attempt(live, async () => {
    const events = follow(given.key, seen);
    const first = soon(events);
    await new Promise((done) => setTimeout(done, 300));
    const { id, name, version } = await rename(given.academy, `Kestrel ${seen}`);
    const { position, type, subject, data } = await first;
    equal(live, { position, type, subject }, { position: seen + 1, type: 'academy.changed', subject: id });
    equal('with what changed, before and after', Object.keys(data.before), Object.keys(data.after));
    equal('as it is now', data.after, { name, version });
    seen = position;
    await events.return();
  });

  const resumed = 'after a position nothing is missed and nothing repeated';
  await attempt(resumed, async () => {
    for (const no of [1, 2, 3]) await rename(given.academy, `Kestrel ${seen} ${no}`);
    const events = follow(given.key, planted ? seen - 1 : seen);
    const told = await take(events, 3);
    await rename(given.academy, `Kestrel ${seen} 4`);
    told.push(await next(events));
    equal(resumed, told.map(({ position }) => position), [1, 2, 3, 4].map((no) => seen + no));
    seen += 4;
    await events.return();
  });

  const narrow = 'a key of one academy is told nothing of the other academy';
  await attempt(narrow, async () => {
    const events = follow(planted ? given.key : given.narrow_key, seen);
    const first = soon(events);
    await rename(given.other_academy, `Oak Lane ${seen}`);
    await rename(given.academy, `Kestrel ${seen}`);
    const { position, subject } = await first;
    equal(narrow, { position, subject }, { position: seen + 2, subject: given.academy });
    seen += 2;
    await events.return();
  });
}
