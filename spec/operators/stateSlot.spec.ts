import { StateSlot, type SessionWindowSlot } from '../../operators/index.js';
import { Drive } from './drive.js';
import { el, windows } from './sessions.js';
import { watermark, type Hits } from './values.js';

const kept = (state: SessionWindowSlot<string, Hits> = new StateSlot()) => ({ state, drive: new Drive((scheduler) => windows({ scheduler, state, closedSessionMemory: 10 })) });

describe('StateSlot', () => {
  test('changes tell what is new since they were last asked for, and nothing twice', () => {
    const { state, drive } = kept();
    drive.send(el('/', 10, 'ada'), el('/', 10, 'bob'));
    expect(state.changes().entries.map(([key]) => key).sort()).toStrictEqual(['ada', 'bob']);

    drive.send(el('/buy', 15, 'bob'));
    expect(state.changes().entries.map(([key]) => key)).toStrictEqual(['bob']);
    expect(state.changes().entries).toStrictEqual([]);
  });

  test('what is gone is told once, as a key without value', () => {
    const { state, drive } = kept();
    drive.send(el('/', 10, 'ada'), el('/', 100, 'bob'));
    state.changes();
    drive.send(watermark(50)).advanceTo(10);

    expect(state.changes().entries).toStrictEqual([['ada', undefined]]);
    expect(state.snapshot().entries.map(([key]) => key)).toStrictEqual(['bob']);
  });

  test('a snapshot does not take the changes away', () => {
    const { state, drive } = kept();
    drive.send(el('/', 10, 'ada'));
    state.snapshot();

    expect(state.changes().entries).toHaveLength(1);
  });

  test('a walk over the entries ends, though keys keep coming', () => {
    const { state, drive } = kept();
    drive.send(el('/', 10, 'ada'), el('/', 10, 'bob'));
    const walk = state.entries();
    const seen: string[] = [];
    for (let next = walk.next(); next.done !== true && seen.length < 10; next = walk.next()) {
      seen.push(next.value[0]);
      drive.send(el('/', 10, `visitor ${seen.length}`));
    }

    expect(seen).toStrictEqual(['ada', 'bob']);
  });

  test('what was restored is no change', () => {
    const before = kept();
    before.drive.send(el('/', 10, 'ada'));
    const after = kept(new StateSlot(before.state.snapshot()));

    expect(after.state.changes().entries).toStrictEqual([]);
    expect(after.state.snapshot()).toStrictEqual(before.state.snapshot());
  });

  test('before an operator has subscribed there is nothing to tell', () => {
    const state: SessionWindowSlot<string, Hits> = new StateSlot();

    expect(() => state.snapshot()).toThrow(/subscribed/);
    expect(() => state.changes()).toThrow(/subscribed/);
  });

  test.each([
    { when: 'before there is a watermark', values: [el('/', 10, 'ada')] },
    { when: 'while there is one', values: [el('/', 10, 'ada'), watermark(5), el('/', -50, 'bob')] },
  ])('it is plain data: what goes through JSON $when comes back the same', ({ values }) => {
    const before = kept();
    before.drive.send(...values);
    const snapshot = before.state.snapshot();

    expect(JSON.parse(JSON.stringify(snapshot))).toStrictEqual(snapshot);
  });
});
