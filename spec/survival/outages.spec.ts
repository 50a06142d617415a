import { execFileSync } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import { ensureTopic } from '../../src/io/pubsubAdmin.js';
import type { Running } from '../e2e/program.js';
import { isEndOfTransaction, isFetch, isProduce } from '../support/kafkaDoor.js';
import { describeWith } from '../support/requires.js';
import { SOAK_SECONDS } from '../support/soak.js';
import { linesOf, logged, usingArena, usingKafkaBehindDoor, type Stage } from './arena.js';

const GONE_FOR = SOAK_SECONDS ?? 15;
const SECOND = 1_000;

/** How soon an instance that is asked to stop has to be gone, ms. */
const GRACE = 10 * SECOND;

/** Nobody listens there. */
const NOWHERE = 1;

jest.setTimeout((240 + 2 * GONE_FOR) * SECOND);

describeWith(['java', 'mvn', 'kcat'], 'nothing is lost and nothing doubled', () => {
  const broker = usingKafkaBehindDoor();
  const arena = usingArena(() => ({ kafka: broker.kafka, address: broker.door.address }));

  /** A pipeline under load that has made some progress. */
  const underLoad = async (): Promise<{ readonly stage: Stage; readonly run: Running }> => {
    const stage = await arena.stage();
    const run = await stage.opened();
    stage.feed.go();
    await stage.progress(300);
    return { stage, run };
  };

  describe('when Kafka fails', () => {
    test('the broker dies in the middle of a transaction and comes back', async () => {
      const { stage, run } = await underLoad();
      await broker.door.meet(isEndOfTransaction, 'lost');
      await broker.kafka.kill();
      broker.door.resume();
      await broker.kafka.restart();
      await stage.progress(300);
      expect(await stage.settled(run)).toEqual([]);
    });

    test(`the broker is gone for ${GONE_FOR} s: nothing is acked meanwhile, nothing delivered again, memory stays as it is`, async () => {
      const { stage, run } = await underLoad();
      await broker.kafka.kill();
      await pause(2 * SECOND);
      const { acked } = stage.inspect();
      const memory: number[] = [];
      for (let second = 2; second < GONE_FOR; second += 1) {
        memory.push(residentMegabytes(run));
        await pause(SECOND);
      }
      expect(stage.inspect().acked).toBe(acked);
      expect(Math.max(...memory)).toBeLessThan(memory[0]! + 60);
      await broker.kafka.restart();
      await stage.progress(300);
      expect(await stage.settled(run)).toEqual([]);
      expect(attempts(stage)).toBe(1);
    });
  });

  describe('when Pub/Sub fails', () => {
    const faults: Readonly<Record<string, (stage: Stage) => Promise<void>>> = {
      'its streams are cut every second': (stage) =>
        repeatedly(8, SECOND, () => {
          arena.emulator.faults.cutStreams();
          // Of what was on its way, which else would come again only in 30 s.
          arena.emulator.faults.expireLeases(stage.subscription);
        }),
      'leases are lost': (stage) => repeatedly(16, SECOND / 2, () => arena.emulator.faults.expireLeases(stage.subscription)),
      'acks are lost': async (stage) => {
        arena.emulator.faults.set(stage.subscription, { acks: 'lost' });
        await repeatedly(4, SECOND, () => arena.emulator.faults.expireLeases(stage.subscription));
        arena.emulator.faults.set(stage.subscription, {});
        arena.emulator.faults.expireLeases(stage.subscription);
      },
      'acks are refused': async (stage) => {
        arena.emulator.faults.set(stage.subscription, { acks: 'refused' });
        await pause(4 * SECOND);
        arena.emulator.faults.set(stage.subscription, {});
      },
      'it is gone and comes back': async () => {
        const port = Number(arena.emulator.address.split(':').at(-1));
        arena.pubsubDoor.forwardTo(NOWHERE);
        arena.pubsubDoor.cut();
        await pause((GONE_FOR / 2) * SECOND);
        arena.pubsubDoor.forwardTo(port);
      },
    };

    test.each(Object.keys(faults))('%s', async (fault) => {
      const { stage, run } = await underLoad();
      await faults[fault]!(stage);
      await stage.progress(300);
      expect(await stage.settled(run)).toEqual([]);
    });
  });

  describe('when it is stopped', () => {
    const stopped = async (run: Running): Promise<number> => {
      const askedAt = performance.now();
      run.child.kill('SIGTERM');
      expect(await run.ended).toMatchObject({ code: 0 });
      return performance.now() - askedAt;
    };

    test('while it reads its state', async () => {
      const { stage, run } = await underLoad();
      await stopped(run);
      const next = stage.start();
      let took: Promise<number> | undefined;
      await broker.door.meet(isFetch, 'passes', () => {
        took = stopped(next);
      });
      expect(await took).toBeLessThan(GRACE);
      expect(await stage.settled(await stage.opened())).toEqual([]);
      expect(attempts(stage)).toBe(1);
    });

    test.each([
      { when: 'while it writes an epoch', isIt: isProduce },
      { when: 'while it commits', isIt: isEndOfTransaction },
    ])('$when', async ({ isIt }) => {
      const { stage, run } = await underLoad();
      let took: Promise<number> | undefined;
      await broker.door.meet(isIt, 'passes', () => {
        took = stopped(run);
      });
      expect(await took).toBeLessThan(GRACE);
      expect(stage.inspect()).toMatchObject({ outstanding: 0 });
      expect(await stage.settled(await stage.opened())).toEqual([]);
      expect(attempts(stage)).toBe(1);
    });

    test('a second time, since the first is in vain while Kafka does not answer: then it ends at once', async () => {
      const { stage, run } = await underLoad();
      broker.door.pause();
      run.child.kill('SIGTERM');
      await logged(run, 'stopping');
      await pause(SECOND);
      expect(run.child.exitCode).toBeNull();
      run.child.kill('SIGTERM');
      expect(await run.ended).toMatchObject({ code: 130 });
      broker.door.resume();
      await stage.kill(run);
      expect(await stage.settled(await stage.opened())).toEqual([]);
    });

    test('ten times: no message is delivered again', async () => {
      const stage = await arena.stage();
      stage.feed.go();
      for (let time = 0; time < 10; time += 1) {
        const run = await stage.opened();
        await stage.progress(50);
        await stopped(run);
        expect(linesOf(run, 'holding')).toEqual([]);
      }
      expect(await stage.settled(await stage.opened())).toEqual([]);
      expect(attempts(stage)).toBe(1);
    });
  });

  test('ten crashes give up no message of a subscription that allows five attempts', async () => {
    const givenUp = 'projects/p/topics/given-up';
    await ensureTopic(givenUp, { apiEndpoint: arena.emulator.address });
    const stage = await arena.stage({ settings: { deadLetter: { topic: givenUp, maxDeliveryAttempts: 5 } } });
    stage.feed.go();
    for (let time = 0; time < 10; time += 1) {
      const run = await stage.opened();
      await stage.progress();
      await stage.kill(run);
    }
    expect(await stage.settled(await stage.opened())).toEqual([]);
    expect(stage.inspect()).toMatchObject({ forwarded: 0 });
    expect(attempts(stage)).toBeGreaterThan(1); // they were crashes
  });

  test('a second instance by mistake: it goes on, and the first one ends and names it', async () => {
    const { stage, run } = await underLoad();
    const second = await stage.opened();
    const { code } = await run.ended;
    expect({ code, failed: linesOf(run, 'failed') }).toMatchObject({ code: 4, failed: [{ error: expect.stringContaining(`-${second.pid}-`) }] });
    // What the first one had been given; else it comes again only when its leases lapse.
    arena.emulator.faults.expireLeases(stage.subscription);
    await stage.progress(300);
    expect(second.child.exitCode).toBeNull();
    expect(await stage.settled(second)).toEqual([]);
  });
});

const repeatedly = async (times: number, every: number, task: () => void): Promise<void> => {
  for (let time = 0; time < times; time += 1) {
    task();
    await pause(every);
  }
};

/** The most attempts that any delivery was. */
const attempts = (stage: Stage): number => stage.inspect().deliveries.length;

const residentMegabytes = ({ pid }: Running): number => Number(execFileSync('ps', ['-o', 'rss=', '-p', `${pid}`], { encoding: 'utf8' })) / 1024;
