import * as fc from 'fast-check';
import { afterProcessingTime, afterWatermark, repeatedly, type Closed } from '../../operators/index.js';
import { Drive, HandClock } from '../operators/drive.js';
import { sessions, triggered, type Output } from '../operators/sessions.js';
import type { Hit, Hits } from '../operators/values.js';
import { rules, steps, type Step } from '../oracle/steps.js';
import { commonRules, isOf, kept, panesIn, played, send, type CommonRules } from './windows.js';

const RUNS = 300;

/** Streams in which no hit comes twice. */
const distinct = steps().map((stream) => stream.map((step, n): Step => (step.kind === 'hit' ? { ...step, value: { ...step.value, page: `/${n}` } } : step)));

/** The windows that were let go. The `Closed` of a historic session comes when it is forgotten, which no stream here is long enough for: its last pane tells. */
const closedIn = (out: readonly Output[]): Pick<Closed<string>, 'key' | 'window'>[] =>
  out.flatMap((it) => (it._tag === 'Closed' || (it._tag === 'Pane' && it.historic && it.isLast) ? [{ key: it.key, window: it.window }] : []));
const lateIn = (out: readonly Output[]): Hit[] => out.flatMap((it) => (it._tag === 'Late' ? [it.value] : []));
const pages = (hits: Hits): string[] => hits.map(({ page }) => page).sort();

/** What each window held at its end: its last pane, or all its panes together. */
const finals = ({ kind, accumulation }: CommonRules, out: readonly Output[]): readonly { readonly window: string; readonly pages: readonly string[] }[] =>
  closedIn(out).map((closed) => {
    const own = panesIn(out).filter((pane) => isOf(kind, closed, pane));
    const held = accumulation === 'ACCUMULATING' ? own.slice(-1) : own;
    return { window: `${closed.key} ${closed.window.start} ${closed.window.end}`, pages: pages(held.flatMap(({ value }) => value)) };
  }).sort((a, b) => (a.window < b.window ? -1 : 1));

describe('windows of all kinds, under any rules and trigger, whatever comes', () => {
  test('panes come as EARLY* ON_TIME LATE*, and so again when a session is opened again; numbered without a gap, and none after the last', () => {
    fc.assert(fc.property(commonRules, steps(), (common, stream) => {
      const before: ReturnType<typeof panesIn> = [];
      for (const pane of panesIn(played(common, stream))) {
        const own = before.filter((it) => isOf(common.kind, pane, it));
        const previous = own.at(-1);

        expect(pane.index).toBe(Math.max(-1, ...own.map((it) => it.index)) + 1);
        expect(pane.isFirst).toBe(pane.index === 0);
        expect(own.filter((it) => it.isLast)).toStrictEqual([]);
        if (pane.timing === 'EARLY') expect(pane.isLast).toBe(false);
        if (pane.timing === 'LATE') expect(common.allowedLateness).toBeGreaterThan(0);
        const isReopened = common.kind === 'session' && previous !== undefined && pane.window.end > previous.window.end;
        if (previous && previous.timing !== 'EARLY' && !isReopened) expect(pane.timing).toBe('LATE');
        before.push(pane);
      }
    }), { numRuns: RUNS });
  });

  test('a window that held a value when the watermark reached its end has an on-time pane, and every window that closes has a pane', () => {
    fc.assert(fc.property(commonRules, steps(), (common, stream) => {
      const out = played(common, stream);
      for (const closed of closedIn(out)) {
        const own = panesIn(out).filter((it) => isOf(common.kind, closed, it));
        expect(own).not.toHaveLength(0);
        // A historic session that grows into the allowed lateness goes on with late panes.
        if (own[0]?.timing === 'EARLY' && !own[0].historic) expect(own.map(({ timing }) => timing)).toContain('ON_TIME');
      }
    }), { numRuns: RUNS });
  });

  test('without an early trigger there is no early pane; without one at all what is late is shown at once', () => {
    fc.assert(fc.property(commonRules, steps(), (common, stream) => {
      const { trigger } = common;
      const out = played({ ...common, trigger: trigger && afterWatermark({ late: trigger.late }) }, stream);
      const plain = played({ ...common, trigger: afterWatermark() }, stream);

      expect(panesIn(out).filter(({ timing }) => timing === 'EARLY')).toStrictEqual([]);
      expect(plain).toStrictEqual(played({ ...common, trigger: undefined }, stream).filter(({ _tag }) => _tag !== 'Changed'));
      expect(trigger ? out.filter(({ _tag }) => _tag === 'Changed') : []).toStrictEqual([]);
    }), { numRuns: RUNS });
  });

  test('what the panes of a discarding window show together is what the last one of an accumulating window shows', () => {
    fc.assert(fc.property(commonRules, distinct, (common, stream) => {
      const [accumulating, discarding] = [{ ...common, accumulation: 'ACCUMULATING' }, { ...common, accumulation: 'DISCARDING' }] as const;

      expect(finals(discarding, played(discarding, stream))).toStrictEqual(finals(accumulating, played(accumulating, stream)));
    }), { numRuns: RUNS });
  });

  test('a discarding window shows each value once; a pane with nothing new is on time, and is that of no values', () => {
    fc.assert(fc.property(commonRules, distinct, (common, stream) => {
      const out = played({ ...common, accumulation: 'DISCARDING' }, stream);
      for (const closed of closedIn(out)) {
        const shown = panesIn(out).filter((it) => isOf(common.kind, closed, it)).flatMap(({ value }) => pages(value));
        expect(new Set(shown).size).toBe(shown.length);
      }
      for (const pane of panesIn(out)) if (pane.value.length === 0) expect(pane.timing).toBe('ON_TIME');
    }), { numRuns: RUNS });
  });

  test('conservation: every value is in all its windows that had not been let go, or late', () => {
    fc.assert(fc.property(commonRules, distinct, (common, stream) => {
      const out = played(common, stream);
      const held = finals(common, out);
      const late = lateIn(out).map(({ page }) => page);
      let watermark = -Infinity;
      for (const step of stream) {
        if (step.kind === 'watermark') ({ timestamp: watermark } = step);
        if (step.kind !== 'hit') continue;
        const { page, at } = step.value;
        const every = common.kind === 'sliding' ? 4 : 10;
        const ends = Array.from({ length: 10 }, (_, n) => at + 1 + n).filter((end) => Number.isInteger((end - 10) / every));
        const open = ends.filter((end) => end + common.allowedLateness > watermark).length;
        const found = held.filter((it) => it.pages.includes(page)).length;

        if (common.kind === 'session') expect(found + late.filter((it) => it === page).length).toBe(1);
        else expect({ found, late: late.filter((it) => it === page).length }).toStrictEqual({ found: open, late: open === 0 ? 1 : 0 });
      }
    }), { numRuns: RUNS });
  });

  test('with enough lateness allowed, the order of arrival makes no difference in the end', () => {
    const shuffled = distinct.chain((stream) => fc.tuple(fc.constant(stream), fc.shuffledSubarray(stream, { minLength: stream.length })));
    fc.assert(fc.property(commonRules, shuffled, (common, [stream, other]) => {
      const patient = { ...common, allowedLateness: 1e6 };

      expect(finals(patient, played(patient, other))).toStrictEqual(finals(patient, played(patient, stream)));
      expect(lateIn(played(patient, other))).toStrictEqual([]);
    }), { numRuns: RUNS });
  });
});

describe('the state of windows of all kinds', () => {
  test('restored from a snapshot, taken at any point, they go on as if nothing had happened', () => {
    fc.assert(fc.property(commonRules, steps(), fc.nat(60), (common, stream, point) => {
      const before = kept(common);
      for (const step of stream.slice(0, point)) send(before.drive, step);
      before.drive.taken();

      const after = kept(common, new HandClock(before.drive.clock.now()), before.snapshot());
      after.drive.taken(); // windows that are announced again
      for (const step of [...stream.slice(point), { kind: 'wait', for: 1_000 } as const]) {
        for (const { drive } of [before, after]) send(drive, step);
        expect({ step, out: after.drive.taken() }).toStrictEqual({ step, out: before.drive.taken() });
        expect(after.entries()).toStrictEqual(before.entries());
      }
      expect(after.drive.complete().taken()).toStrictEqual(before.drive.complete().taken());
    }), { numRuns: RUNS });
  });

  test('changes, put together, are the snapshot; until they are asked for again it is known what there was', () => {
    fc.assert(fc.property(commonRules, steps(), fc.infiniteStream(fc.boolean()), (common, stream, asked) => {
      const windows = kept(common);
      let before: readonly string[] = [];
      for (const step of stream) {
        send(windows.drive, step);
        expect(windows.former()).toStrictEqual(before);
        if (!asked.next().value) continue;
        before = windows.follow();
        expect(before).toStrictEqual(windows.entries());
      }
      windows.drive.complete();
      expect(windows.follow()).toStrictEqual(windows.entries());
    }), { numRuns: RUNS });
  });
});

describe('earlyTrigger and a trigger of repeated processing time', () => {
  /** What is due at one instant comes in the order of the deadlines there, of the windows here. */
  const byName = (out: readonly Output[]): readonly string[] => out.map((it) => JSON.stringify(it)).sort();

  test('draw the same panes of sessions', () => {
    fc.assert(fc.property(rules, fc.constantFrom(3, 8, 25), steps(), (options, every, stream) => {
      const one = new Drive((scheduler) => sessions({ ...options, scheduler, trigger: afterWatermark({ early: repeatedly(afterProcessingTime(every)) }) }));
      const other = new Drive((scheduler) => triggered(every, { ...options, scheduler }));
      for (const step of stream) {
        for (const drive of [one, other]) send(drive, step);
        expect({ step, out: byName(one.taken()) }).toStrictEqual({ step, out: byName(other.taken()) });
      }
    }), { numRuns: RUNS });
  });
});
