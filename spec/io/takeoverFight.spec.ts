import { hostname } from 'node:os';
import { TestScheduler } from 'rxjs/testing';
import type { Owner } from '../../src/changelog/owner.js';
import { fightIn, quarantine } from '../../src/io/takeoverFight.js';

const SECOND = 1_000;
const NOW = 1_000 * SECOND;

/** `a@30`: instance a, which took over 30 s ago. The last is the one that asks. */
const owners = (text: string): readonly Owner[] =>
  text.split(' ').map((one, place) => {
    const [instance, ago] = one.split('@');
    return { instance: instance!, takeover: place + 1, startedAt: NOW - Number(ago) * SECOND, host: 'elsewhere', pid: 1 };
  });

const fighting = (text: string, isGone = false) => fightIn(owners(text), NOW, () => isGone)?.map(({ instance }) => instance);

describe('a fight', () => {
  test.each([
    { owners: 'a@0', why: 'there is nobody else' },
    { owners: 'a@9 b@0', why: 'a takeover that was meant is no fight' },
    { owners: 'a@90 b@70 c@0', why: 'the takeovers are too long ago' },
    { owners: 'a@60 b@30 c@0', why: 'the first was a minute ago' },
    { owners: 'a@50 a@40 a@30 b@0', why: 'who takes over anew what is his own takes it from nobody' },
    { owners: 'b@50 a@40 a@0', why: 'the same holds of the one that asks' },
  ])('is none in $owners: $why', ({ owners: text }) => {
    expect(fighting(text)).toBeUndefined();
  });

  test.each([
    { owners: 'a@59 b@30 c@0', fight: ['a', 'b', 'c'] },
    { owners: 'a@40 b@20 a@0', fight: ['a', 'b', 'a'] },
    { owners: 'x@500 a@40 b@20 b@10 c@0', fight: ['a', 'b', 'c'] },
    { owners: 'a@50 b@40 c@30 d@20 e@0', fight: ['a', 'b', 'c', 'd', 'e'] },
  ])('is one in $owners', ({ owners: text, fight }) => {
    expect(fighting(text)).toEqual(fight);
  });

  test('is none when the former owner is known to be gone', () => {
    expect(fighting('a@40 b@20 c@0', true)).toBeUndefined();
  });

  test.each([
    { name: 'a process of this machine that runs', host: hostname(), pid: process.ppid, isFight: true },
    { name: 'a process of this machine that does not', host: hostname(), pid: 2 ** 22 + 1, isFight: false },
    { name: 'one that had the pid of this one, in the same container', host: hostname(), pid: process.pid, isFight: false },
    { name: 'a process of another machine', host: 'elsewhere', pid: 2 ** 22 + 1, isFight: true },
  ])('with $name: $isFight', ({ host, pid, isFight }) => {
    const [first, former, last] = owners('a@40 b@20 c@0');
    expect(fightIn([first!, { ...former!, host, pid }, last!], NOW) !== undefined).toBe(isFight);
  });
});

describe('a quarantine', () => {
  test('says who is fighting, and is over after 30 to 90 s', () => {
    const logged: unknown[] = [];
    const waits = Array.from({ length: 50 }, () => {
      const scheduler = new TestScheduler(() => undefined);
      let over = NaN;
      scheduler.run(({ flush }) => {
        quarantine(owners('a@40 b@20 a@0'), (...line) => void logged.push(line)).subscribe({ complete: () => (over = scheduler.now()) });
        flush();
      });
      return over;
    });
    expect(Math.min(...waits)).toBeGreaterThanOrEqual(30 * SECOND);
    expect(Math.max(...waits)).toBeLessThanOrEqual(90 * SECOND + 1);
    expect(new Set(waits).size).toBeGreaterThan(10);
    expect(logged[0]).toMatchObject(['warn', 'takeover_fight', { instances: 'a,b,a', seconds: expect.any(Number), advice: expect.stringContaining('stop the others') }]);
  });
});
