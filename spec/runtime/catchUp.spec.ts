import { CatchUp } from '../../src/runtime/catchUp.js';
import { SECOND, T0 } from '../pipeline/play.js';
import { Rig, expectConserved } from './rig.js';

const HOUR = 3_600;

describe('catch-up ceiling', () => {
  test('a backlog that comes in any order makes none of its messages late', () => {
    const rig = new Rig({ backlog: 'in_any_order' }).start();
    rig.pass(1);
    // Five hours of one visitor's views, a session every 10 minutes, in an order that no reader chose.
    const published = Array.from({ length: 30 }, (_, n) => -5 * HOUR + n * 600);
    const order = published.map((_, n) => published[(n * 7) % published.length] ?? 0);
    for (const at of order) {
      rig.view({ page: 'A', at });
      rig.pass(0.3);
    }
    rig.hand.end();
    expect(rig.sink.deadLetters).toEqual([]);
    expect(rig.sink.results).toHaveLength(30);
    expect(rig.sink.results.filter(({ emitted }) => emitted.pane.historic)).toEqual([]);
    expectConserved(rig);
  });

  test('an input that keeps its order needs no ceiling: its sessions close as it goes by', () => {
    const rig = new Rig({ backlog: 'in_order' }).start();
    rig.view({ page: 'A', at: -5 * HOUR }, { page: 'B', at: -4 * HOUR });
    rig.pass(1);
    expect(rig.spent).toEqual([['s', 'A', 60]]);
  });

  test('it ends ten seconds after the last message of the backlog when live ones come', () => {
    const rig = new Rig({ backlog: 'in_any_order' }).start();
    rig.view({ session: 'old', page: 'A', at: -HOUR });
    rig.view({ page: 'B' });
    for (let second = 0; second < 9; second += 1) {
      rig.pass(1);
      rig.view({ page: `P${second}` });
    }
    expect(rig.spent).toEqual([]);
    rig.pass(2);
    rig.view({ page: 'C' });
    rig.pass(1);
    expect(rig.spent).toEqual([['old', 'A', 60]]);
  });

  test('it ends with the backlog when nothing follows: the last session closes without any further message', () => {
    const rig = new Rig({ backlog: 'in_any_order' }).start();
    rig.view({ page: 'A', at: -5 * HOUR });
    // idle after 60 s, then 10 s of disorder and 60 s of gap
    rig.pass(140);
    expect(rig.spent).toEqual([['s', 'A', 60]]);
  });

  test('a rebuild does not forget how old the backlog is', () => {
    let broken = false;
    const rig = new Rig({ backlog: 'in_any_order', before: ({ body }) => {
      if (broken || !String(body).includes('"B"')) return;
      broken = true;
      throw new Error('once');
    } }).start();
    rig.view({ session: 'old', page: 'A', at: -HOUR });
    rig.pass(1);
    rig.view({ session: 'new', page: 'B' });
    rig.pass(1);
    rig.view({ session: 'old', page: 'C', at: -HOUR + 30 });
    rig.hand.end();
    expect(rig.builds).toBe(2);
    expect(rig.spent).toEqual([['old', 'A', 30], ['old', 'C', 60], ['new', 'B', 60]]);
    expect(rig.sink.results.filter(({ emitted }) => emitted.pane.historic)).toEqual([]);
  });

  test('bounds the watermark by the oldest publish time of the last ten seconds, less the disorder', () => {
    const wall = T0;
    const catchUp = new CatchUp(10 * SECOND, () => wall);
    expect(catchUp.ceiling(0)).toBe(Infinity);
    catchUp.observe(T0 - 59 * SECOND, 0);
    expect(catchUp.ceiling(0)).toBe(Infinity);
    catchUp.observe(T0 - 61 * SECOND, 0);
    expect(catchUp.ceiling(0)).toBe(T0 - 71 * SECOND);
    catchUp.observe(T0 - 3_600 * SECOND, 5 * SECOND);
    catchUp.observe(T0 - 1_800 * SECOND, 5 * SECOND);
    expect(catchUp.ceiling(5 * SECOND)).toBe(T0 - 3_610 * SECOND);
    catchUp.observe(T0 - 1_800 * SECOND, 8 * SECOND);
    expect(catchUp.ceiling(14 * SECOND)).toBe(T0 - 3_610 * SECOND);
    expect(catchUp.ceiling(16 * SECOND)).toBe(T0 - 1_810 * SECOND);
    expect(catchUp.ceiling(19 * SECOND)).toBe(Infinity);
  });
});
