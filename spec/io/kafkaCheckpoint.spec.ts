import { ownerRecord } from '../../src/changelog/owner.js';
import { kafkaPort } from '../../src/io/kafkaPort.js';
import { shown } from '../changelog/shown.js';
import type { View } from '../pipeline/play.js';
import { asAdmin, BROKER_START, ownBroker, type OwnBroker } from '../support/kafkaBroker.js';
import { isEndOfTransaction, isFetch, isProduce, kafkaDoor, type KafkaDoor } from '../support/kafkaDoor.js';
import { readByKcat } from '../support/kafkaRecords.js';
import { describeWith } from '../support/requires.js';
import { Instance, done, failure, type InstanceOptions } from './kafkaCheckpointHarness.js';

jest.setTimeout(60_000);

/** Two pages of one session, and a view without a page. */
const FIRST: readonly View[] = [{ session: 's', page: 'A', at: 0, id: '1' }, { session: 's', page: 'B', at: 5, id: '2' }, { page: null, at: 5, id: '3' }];
/** Another session, whose views close the one before. */
const session = (n: number): readonly View[] => [{ session: `t${n}`, page: 'X', at: n * 200, id: `${n}-x` }, { session: `t${n}`, page: 'Y', at: n * 200 + 7, id: `${n}-y` }];

describeWith(['java', 'mvn', 'kcat'], 'kafkaCheckpoint', () => {
  let door: KafkaDoor;
  let kafka: OwnBroker;
  let job: string;
  const instances: Instance[] = [];

  beforeAll(async () => {
    door = await kafkaDoor();
    kafka = await ownBroker(['transaction.abort.timed.out.transaction.cleanup.interval.ms=100'], door);
  }, BROKER_START);
  afterAll(async () => {
    await kafka.stop();
    await door.close();
  });
  beforeEach(async () => {
    job = `spec-${Math.random().toString(36).slice(2)}`;
    await kafka.createTopics({ topic: `${job}-results`, numPartitions: 2 }, { topic: `${job}-refused` });
  });
  afterEach(async () => {
    jest.restoreAllMocks();
    door.resume();
    await Promise.all(instances.splice(0).map((it) => it.close()));
  });

  /** Through the door if it is to be disturbed. `after`: the instance whose work it goes on with. */
  const instance = ({ after, ...options }: Partial<InstanceOptions> & { readonly after?: Instance } = {}): Instance => {
    const made = new Instance({ broker: kafka.brokers, job, ...options }, after);
    instances.push(made);
    return made;
  };
  const started = async (options: Parameters<typeof instance>[0] = {}): Promise<Instance> => {
    const made = instance(options);
    await made.start();
    return made;
  };

  const pagesIn = async (topic: string): Promise<readonly string[]> =>
    (await readByKcat(kafka.brokers, topic)).map(({ value }) => /"page":"([^"]*)"/.exec(value)?.[1] ?? value);
  /** The pages of the results, and how many messages were refused, as a reader of committed records sees them. */
  const visible = async () => ({ pages: [...(await pagesIn(`${job}-results`))].sort(), refused: (await readByKcat(kafka.brokers, `${job}-refused`)).length });
  const epochsIn = async (): Promise<readonly string[]> => (await readByKcat(kafka.brokers, `${job}-changelog`)).filter(({ key }) => key === 'epoch').map(({ headers }) => headers['epoch']!);
  const earliest = async (): Promise<number> => {
    let low = -1;
    await asAdmin(kafka.brokers, async (admin) => {
      low = Number((await admin.fetchTopicOffsets(`${job}-changelog`))[0]!.low);
    });
    return low;
  };

  describe('a restore', () => {
    test('finds nothing in a new job, whose changelog it has made', async () => {
      const ours = instance();
      expect(await ours.start()).toEqual({ state: undefined, isClean: true });
      expect(ours.logged('kafka_topic_created')).toMatchObject([{ topic: `${job}-changelog` }]);
    });

    test('finds exactly what was committed, epoch after epoch, and what comes of it is what would have come', async () => {
      const first = await started();
      await first.commit(...FIRST);
      await first.commit(...session(1));
      const second = instance({ after: first });
      expect(shown((await second.start()).state)).toEqual(shown(second.live.committed()));
      await second.commit(...session(2));
      await second.commit(...session(3), ...session(2));
      const third = instance({ after: second });
      expect(shown((await third.start()).state)).toEqual(shown(third.live.committed()));
      expect(await visible()).toEqual({ pages: ['A', 'B', 'X', 'X', 'Y', 'Y'], refused: 1 });
      expect(await epochsIn()).toEqual(expect.arrayContaining(['4']));
    });

    test('of what was parked is clean, of what was killed it is not', async () => {
      const killed = await started();
      await killed.commit(...FIRST);
      const second = instance({ after: killed });
      expect((await second.start()).isClean).toBe(false);
      await second.commit(...session(1));
      await second.park();
      const third = instance({ after: second });
      const restored = await third.start();
      expect(restored.isClean).toBe(true);
      expect(shown(restored.state)).toEqual(shown(third.live.committed()));
    });

    test('after an instance that died before its first commit is not clean: it may have been given messages', async () => {
      await started();
      expect(await instance().start()).toEqual({ state: undefined, isClean: false });
    });

    test('in the same process is clean, and brings back the last commit, as often as it is asked for', async () => {
      const ours = await started();
      await ours.commit(...FIRST);
      const again$ = ours.checkpoint.restore();
      for (const attempt of [1, 2, 3]) {
        const { state, isClean } = await ours.restore(again$);
        expect({ attempt, isClean, state: shown(state) }).toEqual({ attempt, isClean: true, state: shown(ours.live.committed()) });
      }
      await ours.commit(...session(1));
      expect(await visible()).toEqual({ pages: ['A', 'B'], refused: 1 });
    });

    test('that failed after it had taken over does not make the next one clean', async () => {
      const dead = await started();
      await dead.commit(...FIRST);
      const ours = instance({ broker: door.address, after: dead });
      await done(ours.checkpoint.open());
      const restore$ = ours.checkpoint.restore();
      const met = door.meet(isFetch, 'lost', () => setTimeout(() => door.pause(), 1_500));
      const reading = restore$.subscribe({ error: () => undefined });
      await met;
      await ownersAre(2);
      reading.unsubscribe();
      door.resume();
      expect((await ours.restore(restore$)).isClean).toBe(false);
    });

    /** Waits until so many instances have said that they have taken over. */
    const ownersAre = async (count: number): Promise<void> => {
      while ((await readByKcat(kafka.brokers, `${job}-changelog`)).filter(({ key }) => key === 'owner').length < count) await pause(100);
    };

    test('of a state that was computed with other settings is refused with every difference', async () => {
      const first = await started({ settings: { window_size: 60, historic: 'process' } });
      await first.commit(...FIRST);
      expect(await failure(instance({ settings: { window_size: 30, product: 'x' } }).start())).toMatchObject({
        name: 'StateChanged',
        fatal: true,
        message: expect.stringContaining('historic was process and is not known, product was not known and is x, window_size was 60 and is 30'),
      });
    });

    test('of a state that was computed with other settings goes on if that is accepted, says so, and the next one need not be told', async () => {
      const first = await started();
      await first.commit(...FIRST);
      const settings = { window_size: 30 };
      const second = instance({ settings, acceptStateChange: true, after: first });
      expect(shown((await second.start()).state)).toEqual(shown(second.live.committed()));
      expect(second.logged('state_change_accepted')).toEqual([{ topic: `${job}-changelog`, differences: 'window_size was 60 and is 30' }]);
      await second.commit(...session(1));
      expect((await started({ settings, after: second })).logged('state_change_accepted')).toEqual([]);
    });

    test('of a changelog that has lost its beginning is refused with advice', async () => {
      const first = await started();
      for (const views of [FIRST, session(1), session(2)]) await first.commit(...views);
      const [, , second] = await readByKcat(kafka.brokers, `${job}-changelog`);
      await asAdmin(kafka.brokers, (admin) => admin.fetchTopicOffsets(`${job}-changelog`).then(() =>
        admin.deleteTopicRecords({ topic: `${job}-changelog`, partitions: [{ partition: 0, offset: `${second!.offset}` }] })));
      expect(await failure(instance().start())).toMatchObject({ name: 'ChangelogRefusal', fault: 'truncated', fatal: true, message: expect.stringContaining('retention') });
    });

    test('of a changelog to which something else was written is refused with advice', async () => {
      const first = await started();
      await first.commit(...FIRST);
      const stranger = await kafkaPort({ brokers: [kafka.brokers], log: () => undefined }).producer();
      await stranger.send({ topic: `${job}-changelog`, partition: 0, records: [{ key: 'epoch', value: 'hello', headers: {}, placement: '' }] });
      await stranger.close();
      expect(await failure(instance().start())).toMatchObject({ name: 'ChangelogRefusal', fault: 'corrupt', fatal: true, message: expect.stringContaining('written to by something else') });
    });

    test('amid a fight names those who fight, and waits before it goes on', async () => {
      const first = await started();
      await first.commit(...FIRST);
      for (const host of ['here', 'there']) await takenOverAt(host);
      const ours = instance();
      await done(ours.checkpoint.open());
      let isThere = false;
      const restoring = ours.checkpoint.restore().subscribe(() => (isThere = true));
      while (ours.logged('takeover_fight').length === 0) await pause(50);
      expect(ours.logged('takeover_fight')).toMatchObject([{ instances: expect.stringMatching(/^.*,here-1,there-1,.*$/), advice: expect.stringContaining('stop the others') }]);
      await pause(1_000);
      expect(isThere).toBe(false);
      restoring.unsubscribe();
    });

    const takenOverAt = async (host: string): Promise<void> => {
      const producer = await kafkaPort({ brokers: [kafka.brokers], log: () => undefined }).transactional({ id: `${job}-0`, timeout: 30_000 });
      const transaction = await producer.begin();
      const owner = ownerRecord({ instance: `${host}-1`, takeover: 1, startedAt: Date.now(), host, pid: 1 });
      await transaction.send({ topic: `${job}-changelog`, partition: 0, records: [{ ...owner, placement: '' }] });
      await transaction.commit();
      await producer.close();
    };
  });

  describe('a commit', () => {
    test('that never arrives shows nothing; tried again it shows results, dead letters and state together, once', async () => {
      const ours = await started({ broker: door.address, transactionTimeout: 3_000 });
      await ours.commit(...FIRST);
      ours.process(...session(1));
      const commit$ = ours.cut();
      void door.meet(isEndOfTransaction, 'lost');
      expect(await failure(done(commit$))).toMatchObject({ name: 'KafkaError', kind: 'unknown_outcome', fatal: false });
      expect(await visible()).toEqual({ pages: [], refused: 1 });
      expect(await epochsIn()).toEqual(['1']);
      door.resume();
      await done(commit$);
      expect(await visible()).toEqual({ pages: ['A', 'B'], refused: 1 });
      expect(await epochsIn()).toEqual(['1', '2']);
      await ours.commit(...session(2));
      const next = instance({ after: ours });
      expect(shown((await next.start()).state)).toEqual(shown(next.live.committed()));
    });

    test('whose answer is lost is found to be there, and nothing is sent twice', async () => {
      const ours = await started({ broker: door.address, transactionTimeout: 3_000 });
      await ours.commit(...FIRST);
      ours.process(...session(1));
      const commit$ = ours.cut();
      void door.meet(isEndOfTransaction, 'unanswered');
      expect(await failure(done(commit$))).toMatchObject({ kind: 'unknown_outcome' });
      door.resume();
      await done(commit$);
      expect(await visible()).toEqual({ pages: ['A', 'B'], refused: 1 });
      expect(await epochsIn()).toEqual(['1', '2']);
      await ours.commit(...session(2));
      expect(await epochsIn()).toEqual(['1', '2', '3']);
    });

    test('whose transaction outlived its timeout is fenced, and the same instance commits it once', async () => {
      const ours = await started({ broker: door.address, transactionTimeout: 3_000 });
      await ours.commit(...FIRST);
      ours.process(...session(1));
      const commit$ = ours.cut();
      // Each of the two takes less than the timeout, and both together more.
      void door.meet(isProduce, 'passes', () => {
        standStill(1_600);
        void door.meet(isEndOfTransaction, 'passes', () => standStill(2_000));
      });
      expect(await failure(done(commit$))).toMatchObject({ name: 'KafkaError', kind: 'fenced', fatal: false });
      expect(await visible()).toEqual({ pages: [], refused: 1 });
      await done(commit$);
      expect(await visible()).toEqual({ pages: ['A', 'B'], refused: 1 });
      expect(await epochsIn()).toEqual(['1', '2']);
    });

    test('is given up by name when another instance has taken the job over, and nothing of it is ever seen', async () => {
      const ours = await started();
      await ours.commit(...FIRST);
      const other = await started({ after: ours });
      ours.process(...session(1));
      expect(await failure(done(ours.cut()))).toMatchObject({ name: 'TakenOver', fatal: true, message: expect.stringContaining(await lastOwner()) });
      await other.commit(...session(2));
      expect(await visible()).toEqual({ pages: ['A', 'B'], refused: 1 });
      expect(await epochsIn()).toEqual(expect.arrayContaining(['2']));
    });

    test('whose outcome is unknown while another takes over leaves that one alone', async () => {
      const ours = await started({ broker: door.address, transactionTimeout: 2_000 });
      await ours.commit(...FIRST);
      ours.process(...session(1));
      const commit$ = ours.cut();
      void door.meet(isEndOfTransaction, 'lost');
      expect(await failure(done(commit$))).toMatchObject({ kind: 'unknown_outcome' });
      const other = await started();
      await other.commit(...session(2));
      door.resume();
      expect(await failure(done(commit$))).toMatchObject({ name: 'TakenOver', message: expect.stringContaining(await lastOwner()) });
      await other.commit(...session(3));
      expect(await visible()).toEqual({ pages: ['A', 'B', 'X', 'Y'], refused: 1 });
    });

    const lastOwner = async (): Promise<string> => {
      const owners = (await readByKcat(kafka.brokers, `${job}-changelog`)).filter(({ key }) => key === 'owner');
      return owners.at(-1)!.headers['owner']!;
    };

    test('that ends a complete walk through the state deletes what came before it, and what is left restores', async () => {
      const first = await started();
      await first.commit(...FIRST);
      for (let n = 1; n <= 5; n += 1) await first.commit(...session(n));
      expect(await earliest()).toBe(0);
      const second = await started({ after: first });
      await second.commit(...session(6));
      await second.commit(...session(7));
      expect(await earliest()).toBe(0);
      aMinuteLater();
      await second.commit(...session(8));
      while ((await earliest()) === 0) await pause(50);
      expect(second.logged('changelog_not_trimmed')).toEqual([]);
      expect(await epochsIn()).toEqual(['7', '8', '9']);
      const third = instance({ after: second });
      const { state, isClean } = await third.start();
      expect({ isClean, state: shown(state) }).toEqual({ isClean: false, state: shown(third.live.committed()) });
    });

    test('after that it is still known whose the job is', async () => {
      const ours = await started();
      await ours.commit(...FIRST);
      const other = await started({ after: ours });
      aMinuteLater();
      await other.commit(...session(1));
      while ((await earliest()) === 0) await pause(50);
      ours.process(...session(2));
      expect(await failure(done(ours.cut()))).toMatchObject({ name: 'TakenOver' });
      await other.commit(...session(3));
    });
  });

  test('a closing does not wait for brokers that are silent', async () => {
    const ours = await started({ broker: door.address });
    await ours.commit(...FIRST);
    ours.process(...session(1));
    door.pause();
    const committing = ours.cut().subscribe({ error: () => undefined });
    await pause(100);
    const asked = performance.now();
    await ours.close();
    expect(performance.now() - asked).toBeLessThan(10_000);
    committing.unsubscribe();
  });
});

/** What is kept for a minute only may go. */
const aMinuteLater = (): void => {
  const now = performance.now.bind(performance);
  jest.spyOn(performance, 'now').mockImplementation(() => now() + 61_000);
};

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** As a process does that is suspended. */
const standStill = (ms: number): void => void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
