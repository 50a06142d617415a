import { Rig, expectConserved } from './rig.js';
import { told } from './traffic.js';

class Unavailable extends Error {}

class Forbidden extends Error {
  readonly fatal = true;
}

describe('a commit that fails', () => {
  test('is tried again with the same epoch until it succeeds, and nothing is acked before', () => {
    const rig = new Rig().start();
    rig.sink.failures.push(new Unavailable('1'), new Unavailable('2'), new Unavailable('3'));
    rig.view({ page: 'A' }, { page: 'B', at: 5 }, { fields: { session_id: null } });
    rig.view({ session: 'old', page: 'X', at: -90 });
    rig.pass(1);
    rig.view({ page: 'C', at: 6 });
    rig.pass(0.25);
    expect(rig.sink.written).toEqual([]);
    expect(rig.hand.acked).toEqual([]);
    rig.pass(1);
    expect(rig.sink.attempts.slice(0, 4).map((attempt) => attempt === rig.sink.attempts[0] || attempt.results === rig.sink.attempts[0]?.results)).toEqual([true, true, true, true]);
    expect(rig.sink.attempts.slice(0, 4).map(({ results, deadLetters }) => [results.map(told), deadLetters])).toEqual(
      Array.from({ length: 4 }, () => [rig.sink.attempts[0]?.results.map(told), rig.sink.attempts[0]?.deadLetters]),
    );
    expect(rig.journal.filter((entry) => entry.startsWith('cut'))).toEqual(['cut 1', 'cut 2']);
    expect(rig.sink.written).toHaveLength(2);
    expect(rig.hand.acked.map(({ receipt }) => receipt)).toEqual([1, 2, 3, 4, 5]);
    expect(rig.logs.filter(({ event }) => event === 'commit_failed').map(({ fields }) => fields)).toEqual([
      { epoch: 1, attempt: 1, error: '1' }, { epoch: 1, attempt: 2, error: '2' }, { epoch: 1, attempt: 3, error: '3' },
    ]);
    expectConserved(rig);
  });

  test('waits 0.1 s before the second try, doubles that with every try, and never waits longer than 10 s', () => {
    const rig = new Rig().start();
    rig.sink.failures.push(...Array.from({ length: 12 }, (_, n) => new Unavailable(`${n}`)));
    rig.view({ page: 'A' });
    rig.pass(1);
    const tries: number[] = [];
    for (let tenth = 0; tenth < 700; tenth += 1) {
      if (rig.sink.attempts.length > tries.length) tries.push(rig.now);
      rig.pass(0.1);
    }
    expect(tries.map((at, n) => Math.round((at - (tries[n - 1] ?? at)) * 10) / 10)).toEqual([0, 0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 6.4, 10, 10, 10, 10, 10]);
    expect(rig.hand.acked).toHaveLength(1);
  });

  test('for ten minutes under full input: bounded, unacked, and complete afterwards, whichever of the two topics is away', () => {
    const rig = new Rig({ maxOutstandingMessages: 500 }).start();
    rig.sink.failures.push(...Array.from({ length: 60 }, () => new Unavailable('the dead letters are away')));
    let sent = 0;
    for (let second = 0; second < 620; second += 1) {
      rig.hand.fill(() => rig.message({ session: `s${(sent += 1)}`, page: 'A', ...(sent % 2 === 0 && { fields: { page_title: ' ' } }) }));
      rig.pass(1);
      if (second < 400) expect(sent).toBeLessThanOrEqual(500);
    }
    rig.hand.end();
    rig.pass(1);
    expect(rig.outcome).toBe('complete');
    expect(rig.hand.acked).toHaveLength(sent);
    expect(rig.sink.deadLetters).toHaveLength(Math.floor(sent / 2));
    expect(new Set(rig.sink.results.map(({ emitted }) => emitted.key)).size).toBe(Math.ceil(sent / 2));
    expectConserved(rig);
  });

  test('for good ends the run with that error, and acks nothing', () => {
    const rig = new Rig().start();
    rig.sink.failures.push(new Unavailable('for now'), new Forbidden('no permission'));
    rig.view({ page: 'A' });
    rig.pass(5);
    expect(rig.outcome).toEqual({ error: new Forbidden('no permission') });
    expect(rig.hand.acked).toEqual([]);
    expect(rig.hand.closed).toBe(true);
  });

  test('a source that fails for good ends the run with that error', () => {
    const rig = new Rig().start();
    rig.view({ page: 'A' });
    rig.hand.fail(new Forbidden('no such subscription'));
    expect(rig.outcome).toEqual({ error: new Forbidden('no such subscription') });
    expect(rig.sink.written).toEqual([]);
  });
});
