import * as fc from 'fast-check';
import { from } from 'rxjs';
import { assignWatermarks, branch, StateSlot, type Millis, type Pane, type SessionWindowSlot, type Window } from '../../operators/index.js';
import { sortAndCut } from '../../src/simulate/sortAndCut.js';
import { rules, steps, type Step } from '../oracle/steps.js';
import { Drive } from '../operators/drive.js';
import { sessions, triggered, type Input, type Options, type Output } from '../operators/sessions.js';
import { element, hit, watermark, type Hit, type Hits } from '../operators/values.js';

const GAP: Millis = 10;

/** Distinct hits of two visitors, close enough to make sessions of several. */
const someHits: fc.Arbitrary<Hit[]> = fc.uniqueArray(
  fc.record({ key: fc.constantFrom('ada', 'bob'), page: fc.constantFrom('/', '/buy', '/pay'), at: fc.integer({ min: -150, max: 150 }) }),
  { maxLength: 40, selector: ({ key, page, at }) => `${key} ${page} ${at}` },
).map((all) => all.map(({ page, at, key }) => hit(page, at, key)));

/** All that a finite input gives. */
const through = (input: readonly Hit[], maxOutOfOrderness: Millis, options: Options = {}): Output[] => {
  const out: Output[] = [];
  from(input).pipe(
    assignWatermarks<Hit>({ timestamp: (it) => it.at, maxOutOfOrderness }), branch('Future', () => undefined), sessions(options),
  ).subscribe((it) => out.push(it));
  return out;
};

interface Found {
  readonly key: string;
  readonly window: Window;
  readonly value: Hits;
}

const isSame = (a: Omit<Found, 'value'>, b: Omit<Found, 'value'>): boolean => a.key === b.key && a.window.start === b.window.start && a.window.end === b.window.end;
const byKeyAndTime = (a: Found, b: Found): number => (a.key < b.key ? -1 : a.key > b.key ? 1 : a.window.start - b.window.start);

/** What each session held at its end: its last pane. */
const finals = (out: readonly Output[]): Found[] =>
  out.flatMap((end, n) => (end._tag === 'Closed' ? out.slice(0, n).filter((it) => it._tag === 'Pane' && isSame(it, end)).slice(-1) : []))
    .flatMap((it) => (it._tag === 'Pane' ? [{ key: it.key, window: it.window, value: it.value }] : []))
    .sort(byKeyAndTime);

/** The same by sorting and cutting. */
const batch = (input: readonly Hit[]): Found[] =>
  sortAndCut([...input].sort((a, b) => a.at - b.at || (a.page < b.page ? -1 : 1)), GAP)
    .map(({ key, start, end, values }) => ({ key, window: { start, end }, value: values }))
    .sort(byKeyAndTime);

describe('sessions of complete input', () => {
  test('are those of a batch job, when it comes on time', () => {
    const delayed = someHits.chain((all) => fc.tuple(fc.constant(all), fc.array(fc.nat(30), { minLength: all.length, maxLength: all.length })));
    fc.assert(fc.property(delayed, ([all, delays]) => {
      const arrival = all.map((value, n) => ({ value, at: value.at + (delays[n] ?? 0) })).sort((a, b) => a.at - b.at).map(({ value }) => value);

      expect(finals(through(arrival, 30))).toStrictEqual(batch(all));
    }));
  });

  test.each([
    { enough: 'disorder', maxOutOfOrderness: 1_000, options: {} },
    { enough: 'lateness', maxOutOfOrderness: 0, options: { allowedLateness: 1_000 } },
    { enough: 'of both', maxOutOfOrderness: 150, options: { allowedLateness: 150 } },
  ])('are the same in any order of arrival, some of it twice, with enough $enough allowed', ({ maxOutOfOrderness, options }) => {
    const anyOrder = someHits.chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray([...all, ...all], { minLength: all.length })));
    fc.assert(fc.property(anyOrder, ([all, some]) => {
      const arrival = [...some, ...all.filter((value) => !some.includes(value))];

      expect(finals(through(arrival, maxOutOfOrderness, options))).toStrictEqual(batch(all));
    }));
  });
});

describe('sessions, whatever comes', () => {
  const send = (drive: Drive<Input, unknown>, step: Step): void => {
    if (step.kind === 'wait') drive.advanceTo(drive.clock.now() + step.for);
    if (step.kind === 'watermark') drive.send(watermark(step.timestamp));
    if (step.kind === 'hit') drive.send(element(step.value));
  };
  const played = <Out>(drive: Drive<Input, Out>, stream: readonly Step[]): Out[] => {
    for (const step of stream) send(drive, step);
    return drive.complete().taken();
  };

  test('the sessions of a key never overlap while they are remembered', () => {
    fc.assert(fc.property(rules, steps(), (options, stream) => {
      const drive = new Drive((scheduler) => sessions({ ...options, closedSessionMemory: 1e9, scheduler }));
      for (const step of stream) send(drive, step);

      const over: Omit<Found, 'value'>[] = [];
      const clashes = drive.taken().filter((it) => {
        if (it._tag === 'Closed' && !over.some((known) => isSame(known, it))) over.push(it);
        if (it._tag !== 'Changed' && it._tag !== 'Pane') return false;
        const clash = over.some(({ key, window }) => key === it.key && window.start < it.window.end && it.window.start < window.end);
        if (it._tag === 'Pane' && it.isLast) over.push(it);
        return clash;
      });
      expect(clashes).toStrictEqual([]);
    }));
  });

  test('conservation: what came in is in closed or held sessions, duplicate, late or refused', () => {
    fc.assert(fc.property(rules, steps(), (options, stream) => {
      const state: SessionWindowSlot<string, Hits> = new StateSlot();
      const drive = new Drive((scheduler) => sessions({ ...options, scheduler, state }));
      let received = 0;
      let aside = 0;
      for (const step of stream) {
        send(drive, step);
        if (step.kind === 'hit') received += 1;
        aside += drive.taken().filter((it) => it._tag === 'Late' || it._tag === 'SessionFull').length;
        const { counts } = state.snapshot().header;
        expect(counts.closed + counts.held + counts.duplicates + aside).toBe(received);
      }
      drive.complete();
      expect(state.snapshot().header.counts.held).toBe(0);
    }));
  });

  test('conservation: the panes of discarding windows show each hit exactly once', () => {
    fc.assert(fc.property(rules, fc.constantFrom(5, 20, Infinity), steps(), (options, every, stream) => {
      const out = played(new Drive((scheduler) => triggered(every, { ...options, accumulation: 'DISCARDING', scheduler })), stream);
      const shown = out.flatMap((it) => (it._tag === 'Pane' ? it.value : []));
      const aside = out.flatMap((it) => (it._tag === 'Late' || it._tag === 'SessionFull' ? [it.value] : []));
      const sent = stream.flatMap((step) => (step.kind === 'hit' ? [step.value] : []));

      const accounted = new Set([...shown, ...aside]);
      expect(accounted.size).toBe(shown.length + aside.length);
      // What is missing added nothing: the same hit is among what was shown.
      for (const value of sent.filter((it) => !accounted.has(it))) expect(shown).toContainEqual(value);
    }));
  });

  test('conservation: the last panes of accumulating windows hold each hit exactly once', () => {
    fc.assert(fc.property(rules, fc.constantFrom(5, 20, Infinity), steps(), (options, every, stream) => {
      const out = played(new Drive((scheduler) => triggered(every, { ...options, accumulation: 'ACCUMULATING', scheduler })), stream);
      // The last pane of a session says so, unless it was kept for its lateness: then its last one before it was let go.
      const last = out.filter((it, n) => it._tag === 'Pane' && (it.isLast || isLastOfKept(out, n)));
      const shown = last.flatMap((it) => (it._tag === 'Pane' ? it.value : []));
      const aside = out.flatMap((it) => (it._tag === 'Late' || it._tag === 'SessionFull' ? [it.value] : []));
      const accounted = new Set([...shown, ...aside]);

      expect(accounted.size).toBe(shown.length + aside.length);
      for (const step of stream) if (step.kind === 'hit' && !accounted.has(step.value)) expect(shown).toContainEqual(step.value);
    }));
  });

  /** Whether the next thing said of exactly this window is that it is closed. */
  const isLastOfKept = (out: readonly Output[], n: number): boolean => {
    const pane = out[n];
    if (pane?._tag !== 'Pane') return false;
    const next = out.slice(n + 1).find((it) => (it._tag === 'Pane' || it._tag === 'Closed') && isSame(it, pane));
    return next?._tag === 'Closed';
  };

  test('early panes change nothing but the numbers of those that follow', () => {
    fc.assert(fc.property(rules, fc.constantFrom(1, 5, 20), steps(), (options, every, stream) => {
      const accumulating = { ...options, accumulation: 'ACCUMULATING' as const };
      const without = played(new Drive((scheduler) => triggered(Infinity, { ...accumulating, scheduler })), stream);
      const withThem = played(new Drive((scheduler) => triggered(every, { ...accumulating, scheduler })), stream);
      const unnumbered = (out: readonly Output[]): Output[] =>
        out.filter((it) => it._tag !== 'Pane' || it.timing !== 'EARLY').map((it) => (it._tag === 'Pane' ? { ...it, index: 0, isFirst: true } : it));

      expect(unnumbered(withThem)).toStrictEqual(unnumbered(without));
    }));
  });

  test('the panes of a window are numbered without a gap, come in the order of their timing, and none comes after the last', () => {
    fc.assert(fc.property(rules, fc.constantFrom(5, 20), steps(), (options, every, stream) => {
      const out = played(new Drive((scheduler) => triggered(every, { ...options, closedSessionMemory: 1e9, scheduler })), stream);
      let before: Pane<string, Hits>[] = [];
      for (const pane of out) {
        if (pane._tag !== 'Pane') continue;
        // While sessions are remembered they do not overlap, so panes that overlap belong to one session, or to those it absorbed.
        const own = before.filter((it) => it.key === pane.key && it.window.start < pane.window.end && pane.window.start < it.window.end);
        const previous = own.at(-1);

        expect(pane.index).toBe(Math.max(-1, ...own.map((it) => it.index)) + 1);
        expect(pane.isFirst).toBe(pane.index === 0);
        expect(own.filter((it) => it.isLast)).toStrictEqual([]);
        if (pane.timing === 'LATE') expect(options.allowedLateness).toBeGreaterThan(0);
        // After it has fired a window is late, unless it grew past the watermark and was opened again (and may then have been cut).
        if (previous && previous.timing !== 'EARLY' && pane.timing !== 'LATE' && pane.forced !== 'cap') expect(pane.window.end).toBeGreaterThan(previous.window.end);
        if (pane.timing === 'EARLY') expect(pane.isLast).toBe(false);
        // A cut makes the window smaller than it was shown before: what the next session shows may overlap that.
        before = pane.forced === 'cap' ? before.filter((it) => !own.includes(it)) : [...before, pane];
      }
    }));
  });
});
