import * as fc from 'fast-check';
import type { Result } from '../../src/model/outcome.js';
import { deadLetterHeaders } from '../../src/model/deadLetterRecord.js';
import { resultHeaders } from '../../src/model/resultRecord.js';
import { inBatch, lastTold, revisions } from './batch.js';
import { Live } from './live.js';
import { messageOf, MINUTE, play, playMessages, SECOND, T0, type View } from './play.js';

/** The `pane` header of a result. */
const pane = (result: Result | undefined): unknown => JSON.parse((result && resultHeaders(result)['pane']) ?? 'null');

/** Views that come at any distance from when they happened: in time, late, days ago. All within ten minutes, so no session is forgotten. */
const disorderly: fc.Arbitrary<readonly View[]> = fc
  .array(
    fc.record({
      session: fc.constantFrom('a', 'a', 'b'),
      page: fc.constantFrom('A', 'B', 'C', ' A', ' B'),
      after: fc.oneof(fc.constant(0), fc.nat(13_000)),
      lag: fc.oneof(fc.nat(10_000), fc.nat(90_000), fc.nat(600_000), fc.constantFrom(-240_000, 86_400_000, 86_430_000)),
    }),
    { maxLength: 45 },
  )
  .map((steps) => {
    let now = 0;
    return steps.map(({ session, page, after, lag }) => {
      now += after;
      return { session, page, at: (now - lag) / SECOND, published: now / SECOND };
    });
  });

const lateness = fc.constantFrom(0, 30 * SECOND, 5 * MINUTE);
const early = fc.constantFrom(undefined, 7 * SECOND, 30 * SECOND);

describe('whatever the disorder', () => {
  test('law: the revisions of a result count from 0 without a gap, and what follows differs from what was told', () => {
    fc.assert(
      fc.property(disorderly, lateness, early, fc.boolean(), (views, allowedLateness, earlyTrigger, earlyLastPage) => {
        const { results } = play(views, { windows: { allowedLateness, earlyTrigger }, results: { earlyLastPage } });
        for (const told of revisions(results).values()) {
          expect(told.map(({ emitted }) => emitted.revision)).toEqual(told.map((_, n) => n));
          told.slice(1).forEach((result, n) => expect(result.emitted.value.timeSpent).not.toBe(told[n]?.emitted.value.timeSpent));
          expect(told.filter(({ emitted }) => emitted.pane.isLast).length).toBeLessThanOrEqual(1);
          expect(told.slice(0, -1).some(({ emitted }) => emitted.pane.isLast)).toBe(false);
        }
      }),
      { numRuns: 300 },
    );
  });

  test('law: final sessions of a key never overlap, and no result comes from within one after it', () => {
    fc.assert(
      fc.property(disorderly, early, fc.constantFrom('process', 'late'), (views, earlyTrigger, historic) => {
        const { results } = play(views, { windows: { earlyTrigger, historic } });
        const closed: { readonly key: string; readonly start: number; readonly end: number; readonly of: unknown }[] = [];
        for (const { emitted: { key, pane: of } } of results) {
          const { start, end } = of.window;
          expect(closed.filter((other) => other.key === key && other.of !== of && other.start < end && start < other.end)).toEqual([]);
          if (of.isLast) closed.push({ key, start, end, of });
        }
      }),
      { numRuns: 300 },
    );
  });

  test('law: early panes change neither what stands at the end, nor the dead letters, nor the counts', () => {
    const shown = fc.record({ lastPage: fc.constantFrom('gap', 'omit'), earlyLastPage: fc.boolean() });
    fc.assert(
      fc.property(disorderly, lateness, fc.constantFrom(SECOND, 7 * SECOND, 30 * SECOND), shown, (views, allowedLateness, earlyTrigger, results) => {
        const without = play(views, { windows: { allowedLateness, earlyTrigger: undefined }, results });
        const withEarly = play(views, { windows: { allowedLateness, earlyTrigger }, results });
        expect(lastTold(withEarly.results)).toEqual(lastTold(without.results));
        expect(withEarly.counts).toEqual(without.counts);
        expect(withEarly.deadLetters).toEqual(without.deadLetters);
      }),
      { numRuns: 300 },
    );
  });

  test('law: the end of the input closes everything, nothing of it by force, and what was accepted is told as a batch job would tell it', () => {
    fc.assert(
      fc.property(disorderly, lateness, early, fc.constantFrom('process', 'late'), (views, allowedLateness, earlyTrigger, historic) => {
        const messages = views.map(messageOf);
        const { results, deadLetters, counts } = playMessages(messages, { windows: { allowedLateness, earlyTrigger, historic } });
        const refused = new Set(deadLetters.map(({ message }) => message));
        expect(counts.held).toBe(0);
        expect(results.filter(({ emitted }) => emitted.pane.forced !== false)).toEqual([]);
        expect(lastTold(results)).toEqual(inBatch(messages.filter((it) => !refused.has(it))));
      }),
      { numRuns: 300 },
    );
  });

  test('law: no time on page is negative or more than the window, and it is exact in the body', () => {
    fc.assert(
      fc.property(disorderly, lateness, (views, allowedLateness) => {
        for (const { emitted: { value, pane: of } } of play(views, { windows: { allowedLateness } }).results) {
          expect(value.timeSpent).toBeGreaterThanOrEqual(0);
          expect(value.entry).toBeGreaterThanOrEqual(of.window.start);
          expect(value.entry + value.timeSpent).toBeLessThanOrEqual(of.window.end);
          expect(Math.round(Number(JSON.stringify(value.timeSpent / 1_000)) * 1_000)).toBe(value.timeSpent);
        }
      }),
    );
  });
});

describe('the pane header', () => {
  test('of a session that the watermark closed says nothing more than that it is final', () => {
    expect(pane(play([{ page: 'A', at: 0 }]).results[0])).toEqual({ timing: 'ON_TIME', index: 0, final: true, revision: 0, entry: T0, rule: 'session_gap' });
  });

  test('of a drained session says so; what goes on after the drain is told anew', () => {
    const live = new Live().send({ page: 'A', at: 0 }, { page: 'B', at: 10 }, { session: 'old', page: 'O', at: -90_000 }).drain();
    const drained = live.taken();
    expect(drained.results.map((result) => [result.emitted.value.page, pane(result)])).toEqual([
      ['O', { timing: 'ON_TIME', index: 0, final: true, revision: 0, entry: T0 - 90_000 * SECOND, rule: 'session_gap', historic: true, forced: 'drain' }],
      ['A', { timing: 'ON_TIME', index: 0, final: true, revision: 0, entry: T0, rule: 'next_view', forced: 'drain' }],
      ['B', { timing: 'ON_TIME', index: 0, final: true, revision: 0, entry: T0 + 10 * SECOND, rule: 'session_gap', forced: 'drain' }],
    ]);
    expect(drained.counts).toMatchObject({ received: 3, closed: 3, held: 0 });

    const after = live.send({ page: 'C', at: 15 }).wait(1).end().taken();
    expect(after.deadLetters).toEqual([]);
    expect(after.results.map((result) => [result.emitted.value.page, pane(result)])).toEqual([
      ['C', { timing: 'ON_TIME', index: 0, final: true, revision: 0, entry: T0 + 15 * SECOND, rule: 'session_gap' }],
    ]);
  });

  test('of a drained session counts on from its early panes', () => {
    const live = new Live({ results: { earlyLastPage: true } }).send({ page: 'A', at: 0 }).wait(30).send({ page: 'B', at: 30 }).drain();
    expect(live.taken().results.map((result) => [result.emitted.value.page, pane(result)])).toEqual([
      ['A', { timing: 'EARLY', index: 0, final: false, revision: 0, entry: T0, rule: 'session_gap' }],
      ['A', { timing: 'ON_TIME', index: 1, final: true, revision: 1, entry: T0, rule: 'next_view', forced: 'drain' }],
      ['B', { timing: 'ON_TIME', index: 1, final: true, revision: 0, entry: T0 + 30 * SECOND, rule: 'session_gap', forced: 'drain' }],
    ]);
  });

  test('of a historic session says so, by its early panes as by its last', () => {
    const live = new Live().send({ session: 'now', page: 'X', at: 0 }, { page: 'A', at: -9_000 }, { page: 'B', at: -8_990 }).wait(200);
    const historic = live.taken().results.filter(({ emitted }) => emitted.key === 's');
    expect(historic.map((result) => [result.emitted.value.page, pane(result)])).toEqual([
      ['A', { timing: 'EARLY', index: 0, final: false, revision: 0, entry: T0 - 9_000 * SECOND, rule: 'next_view', historic: true }],
      ['B', { timing: 'ON_TIME', index: 1, final: true, revision: 0, entry: T0 - 8_990 * SECOND, rule: 'session_gap', historic: true }],
    ]);
  });

  test('of a session with more views than it may have says that a cap closed it, and its last page has a next view', () => {
    const views = Array.from({ length: 10_001 }, (_, n): View => ({ page: `P${n}`, at: n / 100 }));
    const { results, counts } = play(views, { windows: { earlyTrigger: undefined } });
    expect(results).toHaveLength(10_001);
    expect(pane(results[9_999])).toEqual({ timing: 'ON_TIME', index: 0, final: true, revision: 0, entry: T0 + 99_990, rule: 'next_view', forced: 'cap' });
    expect(results[9_999]?.emitted).toMatchObject({ value: { page: 'P9999', timeSpent: 10 }, pane: { window: { start: T0, end: T0 + 100_000 } } });
    expect(pane(results[10_000])).toEqual({ timing: 'ON_TIME', index: 0, final: true, revision: 0, entry: T0 + 100_000, rule: 'session_gap' });
    expect(counts).toMatchObject({ closed: 10_001, deadLetters: {} });
  });

  test('of a session of more than a day says that a cap closed it', () => {
    const day = Array.from({ length: 1_730 }, (_, n): View => ({ page: 'P', at: n * 50 }));
    const { results, counts } = play(day, { windows: { earlyTrigger: undefined } });
    const capped = results.filter(({ emitted }) => emitted.pane.forced === 'cap');
    expect(new Set(results.map(({ emitted }) => emitted.pane)).size).toBe(2);
    // 1 726 × 50 s and the gap are 86 360 s; one view more would make it 10 s longer than a day.
    expect(capped).toHaveLength(1_727);
    expect(capped.every(({ emitted }) => emitted.value.timeSpent === 50 * SECOND && emitted.value.rule === 'next_view')).toBe(true);
    expect(counts).toMatchObject({ closed: 1_730, deadLetters: {} });
  });

  test('a view that would take a session to more than twice what it may have is a dead letter', () => {
    // All of them within the disorder, and each older than the one before: so the cap cannot close the session.
    const views = Array.from({ length: 20_002 }, (_, n): View => ({ page: `P${n}`, at: 9 - n / 2_500, published: 9 }));
    const { results, deadLetters, counts } = playMessages(views.map(messageOf), { windows: { earlyTrigger: undefined } });
    expect(results).toHaveLength(20_000);
    expect(counts).toMatchObject({ closed: 20_000, deadLetters: { session_full: 2 } });
    expect(deadLetters.map(deadLetterHeaders)[0]).toMatchObject({ reason: 'session_full', stage: 'sessionWindow', errors: expect.stringMatching(/"path":"\$\.session_id","expected":"a session of at most 2 × maxSessionEvents"/) });
  });
});
