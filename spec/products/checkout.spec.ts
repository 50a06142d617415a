import { checkout } from '../../src/products/checkout.js';
import { T0 } from '../pipeline/play.js';
import { pane, reasons, shopped, told, type Done } from './shop.js';

type Taken = readonly [name: string, at: number];
const events = (...taken: readonly Taken[]): readonly Done[] => taken.map(([name, at]) => ({ name, at }));
const outcome = (taken: readonly Taken[], windows = {}) => told(shopped(checkout, events(...taken), { windows: { earlyTrigger: undefined, ...windows } }).results);
const steps = (...told: readonly (readonly [step: string, seconds: number | null])[]) => told.map(([step, seconds]): unknown => expect.objectContaining({ step, time_spent_seconds: seconds }));

describe('a checkout', () => {
  test('is told with its session and window', () => {
    expect(outcome([['begin_checkout', 0], ['add_shipping_info', 12.5], ['add_payment_info', 40], ['purchase', 70]])).toEqual([
      {
        session_id: 's', status: 'completed', furthest_step: 'purchase',
        steps: [
          { step: 'begin_checkout', reached_at: '2025-01-30T15:30:00Z', time_spent_seconds: 12.5 },
          { step: 'add_shipping_info', reached_at: '2025-01-30T15:30:12.500Z', time_spent_seconds: 27.5 },
          { step: 'add_payment_info', reached_at: '2025-01-30T15:30:40Z', time_spent_seconds: 30 },
          { step: 'purchase', reached_at: '2025-01-30T15:31:10Z', time_spent_seconds: null },
        ],
        window_start: '2025-01-30T15:30:00Z', window_end: '2025-01-30T15:32:10Z', element_timestamp: '2025-01-30T15:31:10Z',
      },
    ]);
  });

  test.each<{ name: string; taken: readonly Taken[]; told: object }>([
    { name: 'that ends before a purchase was abandoned, and how long its last step took nobody knows', taken: [['begin_checkout', 0], ['add_shipping_info', 5]], told: { status: 'abandoned', furthest_step: 'add_shipping_info', steps: steps(['begin_checkout', 5], ['add_shipping_info', null]) } },
    { name: 'of one step has no time', taken: [['begin_checkout', 0]], told: { status: 'abandoned', steps: steps(['begin_checkout', null]) } },
    { name: 'of one page has two steps', taken: [['begin_checkout', 0], ['purchase', 9]], told: { status: 'completed', steps: steps(['begin_checkout', 9], ['purchase', null]) } },
    { name: 'that goes back adds up what each step took', taken: [['begin_checkout', 0], ['add_shipping_info', 5], ['begin_checkout', 7], ['add_shipping_info', 10], ['purchase', 20]], told: { steps: steps(['begin_checkout', 8], ['add_shipping_info', 12], ['purchase', null]) } },
    { name: 'that goes back at the end has reached what it reached', taken: [['begin_checkout', 0], ['add_payment_info', 5], ['begin_checkout', 7]], told: { status: 'abandoned', furthest_step: 'add_payment_info', steps: steps(['begin_checkout', 5], ['add_payment_info', 2]) } },
    { name: 'that is purchased counts as completed, whatever is begun after it, and nobody stays at a purchase', taken: [['purchase', 0], ['begin_checkout', 30]], told: { status: 'completed', steps: steps(['begin_checkout', null], ['purchase', null]) } },
    { name: 'whose steps share a second takes them in their order', taken: [['purchase', 3], ['add_payment_info', 3], ['begin_checkout', 3]], told: { status: 'completed', steps: steps(['begin_checkout', 0], ['add_payment_info', 0], ['purchase', null]) } },
    { name: 'step that comes twice at one time is one', taken: [['begin_checkout', 0], ['begin_checkout', 0], ['purchase', 4]], told: { steps: steps(['begin_checkout', 4], ['purchase', null]) } },
  ])('$name', ({ taken, told: expected }) => expect(outcome(taken)).toMatchObject([expected]));

  test('is open in early results, also where it is abandoned in the end', () => {
    const { results } = shopped(checkout, [...events(['begin_checkout', 0], ['add_shipping_info', 5]), { session: 'other', name: 'begin_checkout', at: 40 }]);
    const ours = results.filter(({ emitted }) => emitted.key === 's');
    expect(told(ours)).toMatchObject([{ status: 'open', furthest_step: 'add_shipping_info' }, { status: 'abandoned', furthest_step: 'add_shipping_info' }]);
    expect(ours.map(pane)).toEqual([
      { timing: 'EARLY', index: 0, final: false, revision: 0, entry: T0 },
      { timing: 'ON_TIME', index: 1, final: true, revision: 1, entry: T0 },
    ]);
  });

  test('is open where its session was cut for its length: it may go on in the next', () => {
    const hours = Array.from({ length: 30 }, (_, hour): Taken => ['begin_checkout', 3_600 * hour]);
    const all = outcome(hours, { gap: 7_200_000 });
    expect(all).toHaveLength(2);
    expect(all).toMatchObject([{ status: 'open' }, { status: 'abandoned' }]);
  });

  test('is made of its events alone', () => {
    const { results, deadLetters } = shopped(checkout, events(['view_item', 0], ['add_to_cart', 1], [' ', 2]));
    expect(results).toEqual([]);
    const expected = 'begin_checkout or add_shipping_info or add_payment_info or purchase';
    expect(reasons(deadLetters)).toEqual([
      { reason: 'excluded', faults: [{ path: '$.event_name', expected, got: '"view_item"' }] },
      { reason: 'excluded', faults: [{ path: '$.event_name', expected, got: '"add_to_cart"' }] },
      { reason: 'invalid', faults: [{ path: '$.event_name', expected: 'a non-blank string of at most 100000 characters', got: '" "' }] },
    ]);
  });
});
