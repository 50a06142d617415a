import { TaskScheduler } from '../../src/runtime/taskScheduler.js';

describe('the task scheduler', () => {
  test('runs what has become due, in order, each at its own instant', () => {
    const scheduler = new TaskScheduler(1_000);
    const ran: string[] = [];
    scheduler.schedule(() => ran.push(`b at ${scheduler.now()}`), 20);
    scheduler.schedule(() => {
      ran.push(`a at ${scheduler.now()}`);
      scheduler.schedule(() => ran.push(`c at ${scheduler.now()}`), 15);
    }, 10);
    scheduler.schedule(() => ran.push('too late'), 31);
    scheduler.advanceTo(1_030);
    expect(ran).toEqual(['a at 1010', 'b at 1020', 'c at 1025']);
    expect(scheduler.now()).toBe(1_030);
  });

  test('does not go back, and runs nothing when time stands still', () => {
    const scheduler = new TaskScheduler(1_000);
    const ran: number[] = [];
    scheduler.schedule(() => ran.push(scheduler.now()), 0);
    scheduler.advanceTo(900);
    scheduler.advanceTo(1_000);
    expect(scheduler.now()).toBe(1_000);
    expect(ran).toEqual([]);
    scheduler.advanceTo(1_001);
    expect(ran).toEqual([1_000]);
  });
});
