import { Outstanding } from '../../src/io/ndjsonOutstanding.js';

describe('what is outstanding', () => {
  const limits = { messages: 10, bytes: 1_000 };

  /** Whether there is room now, and whether there was as soon as `change` was over. */
  const roomAfter = (outstanding: Outstanding, change: () => void): [boolean, boolean] => {
    let hasRoom = false;
    const subscription = outstanding.isBelow$(limits).subscribe(() => (hasRoom = true));
    const before = hasRoom;
    change();
    subscription.unsubscribe();
    return [before, hasRoom];
  };

  test('has room until the limit of messages is reached, and again after an ack', () => {
    const outstanding = new Outstanding();
    outstanding.delivered(9, 0);
    expect(roomAfter(outstanding, () => undefined)).toEqual([true, true]);
    outstanding.delivered(1, 0);
    expect(roomAfter(outstanding, () => outstanding.acked(1))).toEqual([false, true]);
  });

  test('has room until the limit of bytes is reached; they are free when all their messages are acked', () => {
    const outstanding = new Outstanding();
    outstanding.delivered(2, 600);
    outstanding.delivered(2, 400);
    expect(roomAfter(outstanding, () => outstanding.acked(1))).toEqual([false, false]);
    expect(roomAfter(outstanding, () => outstanding.acked(2))).toEqual([false, true]);
  });

  test('is nothing at first, and when everything is acked', () => {
    const outstanding = new Outstanding();
    let times = 0;
    outstanding.isNone$.subscribe(() => (times += 1));
    expect(times).toBe(1);
    outstanding.delivered(3, 100);
    outstanding.isNone$.subscribe(() => (times += 1));
    outstanding.acked(2);
    expect(times).toBe(1);
    outstanding.acked(1);
    expect(times).toBe(2);
  });
});
