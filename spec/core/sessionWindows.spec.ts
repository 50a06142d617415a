import { SessionWindows, type SessionOutput } from '../../operators/core/sessionWindows.js';
import type { Millis } from '../../operators/index.js';
import { snapshotOf } from '../../operators/state.js';
import { hit, hits, type Hit, type Hits } from '../operators/values.js';

interface Case {
  /** Event times that came before; the gap is 10. */
  readonly held: readonly Millis[];
  readonly watermark: Millis;
  readonly event: Millis;
  /** What the event brings, told as tag, timing and window. */
  readonly brings: readonly string[];
  readonly allowedLateness?: Millis;
  readonly refuseHistoric?: boolean;
}

const told = (out: SessionOutput<string, Hit, Hits>): string => {
  switch (out._tag) {
    case 'Late':
      return `Late after ${out.watermark}`;
    case 'Pane':
      return `${out.timing} [${out.window.start}, ${out.window.end})${out.historic ? ' historic' : ''}`;
    case 'Changed':
    case 'Closed':
    case 'SessionFull':
      return `${out._tag} [${out.window.start}, ${out.window.end})`;
  }
};

const machine = ({ allowedLateness = 0, refuseHistoric = false }: Partial<Case> = {}) => {
  let out: string[] = [];
  const windows = new SessionWindows<string, Hit, Hits>({
    key: (it) => it.key, gap: 10, aggregate: hits, allowedLateness, discarding: false, refuseHistoric,
    historicTimeout: 20, closedSessionMemory: 1_000, maxSessionEvents: 10, maxSessionDuration: 1_000, trigger: undefined,
  }, (output) => { out.push(told(output)); }, false);
  return {
    windows,
    taken: (): string[] => {
      const taken = out;
      out = [];
      return taken;
    },
  };
};

describe('SessionWindows: class of an event', () => {
  test.each<Case>([
    // opens
    { held: [], watermark: -Infinity, event: 5, brings: ['Changed [5, 15)'] },
    { held: [5], watermark: -Infinity, event: 15, brings: ['Changed [15, 25)'] },
    { held: [5], watermark: -Infinity, event: -5, brings: ['Changed [-5, 5)'] },
    { held: [], watermark: 14.5, event: 5, brings: ['Changed [5, 15)'] },
    // joins
    { held: [5], watermark: -Infinity, event: 14.5, brings: ['Changed [5, 24.5)'] },
    { held: [5], watermark: -Infinity, event: -4.5, brings: ['Changed [-4.5, 15)'] },
    { held: [5, 20], watermark: -Infinity, event: 12, brings: ['Changed [5, 30)'] },
    { held: [5], watermark: 14.5, event: 0, brings: ['Changed [0, 15)'] },
    // is late: the session has closed, whether or not an open one is touched as well
    { held: [5], watermark: 15, event: 5.5, brings: ['Late after 15'] },
    { held: [5], watermark: 15, event: 14.5, brings: ['Late after 15'] },
    { held: [5], watermark: 15, event: -4.5, brings: ['Late after 15'] },
    { held: [5, 20], watermark: 15, event: 12, brings: ['Late after 15'] },
    // is not: it only touches it
    { held: [5], watermark: 15, event: 15, brings: ['Changed [15, 25)'] },
    { held: [5], watermark: 15, event: -5, brings: ['Changed [-5, 5)'] },
    // within the allowed lateness
    { held: [5], watermark: 15, event: 5.5, allowedLateness: 5, brings: ['Changed [5, 15.5)'] },
    { held: [5], watermark: 16, event: 5.5, allowedLateness: 5, brings: ['LATE [5, 15.5)'] },
    { held: [5], watermark: 20, event: 5.5, allowedLateness: 5, brings: ['Late after 20'] },
    { held: [], watermark: 19.5, event: 5, allowedLateness: 5, brings: ['LATE [5, 15)'] },
    { held: [], watermark: 20, event: 5, allowedLateness: 5, brings: ['Changed [5, 15)'] },
    // historic, and refused
    { held: [], watermark: 15, event: 5, refuseHistoric: true, brings: ['Late after 15'] },
    { held: [], watermark: 14.5, event: 5, refuseHistoric: true, brings: ['Changed [5, 15)'] },
    { held: [8], watermark: 15, event: 0, refuseHistoric: true, brings: ['Changed [0, 18)'] },
  ])('held $held, watermark $watermark, allowed lateness $allowedLateness: an event at $event brings $brings', ({ held, watermark, event, brings, ...rules }) => {
    const { windows, taken } = machine(rules);
    held.forEach((at) => windows.element(hit('/', at), at, 0));
    windows.advance(watermark, 0);
    taken();

    windows.element(hit('/new', event), event, 0);
    expect(taken()).toStrictEqual(brings);
  });

  test('a timestamp that is no instant is a fault', () => {
    expect(() => machine().windows.element(hit('/', NaN), NaN, 0)).toThrow(RangeError);
  });

  test('a watermark that is not news changes nothing', () => {
    const { windows } = machine();

    expect([windows.advance(5, 0), windows.advance(5, 0), windows.advance(4, 0), windows.advance(6, 0)]).toStrictEqual([true, false, false, true]);
  });
});

describe('SessionWindows: what the clock brings', () => {
  test('a historic session closes once its time without news is over, and is forgotten after its memory', () => {
    const { windows, taken } = machine();
    windows.advance(5_000, 0);
    windows.element(hit('/', 5), 5, 3);
    windows.element(hit('/', 6), 6, 7);
    taken();
    windows.closeTimedOut(26);
    expect(taken()).toStrictEqual([]);

    windows.closeTimedOut(27);
    expect([taken(), windows.nextTimeout(), windows.nextForget()]).toStrictEqual([['ON_TIME [5, 16) historic'], Infinity, 1_027]);

    windows.forgetDue(1_027);
    expect([taken(), snapshotOf(windows).entries]).toStrictEqual([['Closed [5, 16)'], []]);
  });

  test('each deadline is told before it is due, never after', () => {
    const { windows } = machine();
    windows.advance(5_000, 0);
    windows.element(hit('/', 5), 5, 3);
    windows.element(hit('/', 6), 6, 7);

    expect(windows.nextTimeout()).toBeLessThanOrEqual(27);
    windows.closeTimedOut(windows.nextTimeout());
    expect(windows.nextTimeout()).toBe(27);
  });
});
