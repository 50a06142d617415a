import { PaneTriggers, type Phase } from '../../operators/core/paneTriggers.js';
import { afterCount, afterProcessingTime, afterWatermark, repeatedly, type AfterWatermark, type Millis } from '../../operators/index.js';

interface Window {
  readonly name: string;
  readonly ordinal: number;
}

type Move =
  | { readonly at: Millis; readonly adds: 'a' | 'b'; readonly phase?: Phase }
  | { readonly at: Millis; readonly onTime: 'a' | 'b' }
  | { readonly at: Millis; readonly forgets: 'a' | 'b' }
  | { readonly at: Millis; readonly merges: true };

interface Case {
  readonly name: string;
  readonly trigger: AfterWatermark;
  readonly moves: readonly Move[];
  /** When panes are drawn, and of which window. */
  readonly draws: readonly string[];
}

/** Plays moves, draws what is due, and restores all from its saved state after each move. */
const drawsOf = (trigger: AfterWatermark, moves: readonly Move[]): string[] => {
  const windows = { a: { name: 'a', ordinal: 0 }, b: { name: 'b', ordinal: 1 } };
  const phases = new Map<Window, Phase>();
  let triggers = new PaneTriggers<Window>(trigger);
  const draws: string[] = [];
  const draw = (window: Window, now: Millis): void => {
    const phase = phases.get(window) ?? 'EARLY';
    draws.push(`${now} ${window.name} ${phase}`);
    triggers.drawn(window, phase);
  };
  for (let now = 0; now <= 100; now += 1) {
    for (let due = triggers.take(now); due; due = triggers.take(now)) draw(due, now);
    for (const move of moves.filter(({ at }) => at === now)) {
      if ('adds' in move) {
        const window = windows[move.adds];
        phases.set(window, move.phase ?? phases.get(window) ?? 'EARLY');
        if (triggers.added(window, phases.get(window) ?? 'EARLY', now)) draw(window, now);
      } else if ('onTime' in move) {
        triggers.drawn(windows[move.onTime], 'ON_TIME');
        phases.set(windows[move.onTime], 'LATE');
      } else if ('forgets' in move) triggers.forget(windows[move.forgets]);
      else triggers.merged(windows.a, windows.b);

      const before = triggers;
      triggers = new PaneTriggers(trigger);
      for (const window of Object.values(windows)) {
        const saved = before.of(window);
        if (saved) triggers.restore(window, saved, phases.get(window) ?? 'EARLY');
      }
    }
  }
  return draws;
};

const adds = (...times: readonly Millis[]): Move[] => times.map((at): Move => ({ at, adds: 'a' }));
const early = (trigger: NonNullable<AfterWatermark['early']>): AfterWatermark => afterWatermark({ early: trigger });
const late = (trigger: NonNullable<AfterWatermark['late']>): AfterWatermark => afterWatermark({ late: trigger });

describe('PaneTriggers', () => {
  test.each<Case>([
    { name: 'a count, once', trigger: early(afterCount(2)), moves: adds(1, 2, 3, 4, 5), draws: ['2 a EARLY'] },
    { name: 'a count, again and again', trigger: early(repeatedly(afterCount(2))), moves: adds(1, 2, 3, 4, 5), draws: ['2 a EARLY', '4 a EARLY'] },
    { name: 'a delay, once', trigger: early(afterProcessingTime(5)), moves: adds(1, 3, 8, 20), draws: ['6 a EARLY'] },
    { name: 'a delay, again and again', trigger: early(repeatedly(afterProcessingTime(5))), moves: adds(1, 3, 8, 9), draws: ['6 a EARLY', '13 a EARLY'] },
    { name: 'no early one', trigger: afterWatermark(), moves: adds(1, 2), draws: [] },
    { name: 'no late one: each value', trigger: afterWatermark(), moves: [...adds(1), { at: 2, onTime: 'a' }, ...adds(3, 4)], draws: ['3 a LATE', '4 a LATE'] },
    { name: 'a late count, once', trigger: late(afterCount(2)), moves: [...adds(1, 2), { at: 3, onTime: 'a' }, ...adds(4, 5, 6, 7)], draws: ['5 a LATE'] },
    { name: 'a late delay', trigger: late(repeatedly(afterProcessingTime(5))), moves: [...adds(1, 2), { at: 3, onTime: 'a' }, ...adds(4, 5, 20)], draws: ['9 a LATE', '25 a LATE'] },
    { name: 'the on-time pane shows what was waited for, and begins a phase with its own turn', trigger: afterWatermark({ early: afterProcessingTime(5), late: afterProcessingTime(5) }), moves: [...adds(1), { at: 3, onTime: 'a' }, ...adds(10)], draws: ['15 a LATE'] },
    { name: 'a window that was let go is not drawn', trigger: early(afterProcessingTime(5)), moves: [...adds(1), { at: 3, forgets: 'a' }], draws: [] },
    { name: 'what is due at one instant is drawn oldest first', trigger: early(afterProcessingTime(5)), moves: [{ at: 1, adds: 'b' }, { at: 1, adds: 'a' }], draws: ['6 a EARLY', '6 b EARLY'] },
    { name: 'a merge adds the counts up', trigger: early(afterCount(3)), moves: [{ at: 1, adds: 'a' }, { at: 2, adds: 'b' }, { at: 3, merges: true }, ...adds(3)], draws: ['3 a EARLY'] },
    { name: 'and keeps the earliest deadline', trigger: early(afterProcessingTime(5)), moves: [{ at: 1, adds: 'b' }, { at: 2, adds: 'a' }, { at: 3, merges: true }, ...adds(3)], draws: ['6 a EARLY'] },
    { name: 'also when only the absorbed one has any', trigger: early(afterProcessingTime(5)), moves: [{ at: 1, adds: 'b' }, { at: 3, merges: true }, ...adds(3)], draws: ['6 a EARLY'] },
    { name: 'and the turn that either has had', trigger: early(afterCount(1)), moves: [{ at: 1, adds: 'b' }, { at: 3, merges: true }, ...adds(3, 4)], draws: ['1 b EARLY'] },
    { name: 'a window that is opened again has its early turn again', trigger: early(afterCount(1)), moves: [...adds(1), { at: 2, onTime: 'a' }, { at: 3, adds: 'a', phase: 'LATE' }, { at: 4, adds: 'a', phase: 'EARLY' }], draws: ['1 a EARLY', '3 a LATE', '4 a EARLY'] },
    { name: 'what waited for a late pane waits for an early one then, and is drawn at once when that was due', trigger: afterWatermark({ early: afterProcessingTime(5), late: afterProcessingTime(30) }), moves: [{ at: 1, adds: 'a', phase: 'LATE' }, { at: 10, adds: 'a', phase: 'EARLY' }], draws: ['10 a EARLY'] },
    { name: 'or later, when that was not due', trigger: afterWatermark({ early: afterProcessingTime(20), late: afterProcessingTime(15) }), moves: [{ at: 1, adds: 'a', phase: 'LATE' }, { at: 10, adds: 'a', phase: 'EARLY' }], draws: ['21 a EARLY'] },
  ])('$name', ({ trigger, moves, draws }) => {
    expect(drawsOf(trigger, moves)).toStrictEqual(draws);
  });

  test('a window whose values have all been shown takes no room', () => {
    const triggers = new PaneTriggers<Window>(early(repeatedly(afterCount(1))));
    const window = { name: 'a', ordinal: 0 };
    triggers.added(window, 'EARLY', 0);
    triggers.drawn(window, 'EARLY');

    expect(triggers.of(window)).toBe(undefined);
  });
});
