import * as fc from 'fast-check';
import { AclOperationTypes, AclPermissionTypes, AclResourceTypes, ConfigResourceTypes, ResourcePatternTypes } from 'kafkajs';
import { firstValueFrom, lastValueFrom, map, take, tap, toArray } from 'rxjs';
import { kafkaChangelog, type KafkaChangelogOptions } from '../../src/io/kafkaChangelog.js';
import { kafkaPort } from '../../src/io/kafkaPort.js';
import type { StoredRecord } from '../../src/io/kafkaReading.js';
import type { TransactionalProducer } from '../../src/io/kafkaTransactions.js';
import { asAdmin, BROKER_START, ownBroker, type OwnBroker } from '../support/kafkaBroker.js';
import { readByKcat } from '../support/kafkaRecords.js';
import { describeWith } from '../support/requires.js';

jest.setTimeout(60_000);

describeWith(['java', 'mvn', 'kcat'], 'kafkaChangelog', () => {
  let kafka: OwnBroker;
  let topic: string;
  const producers: TransactionalProducer[] = [];
  const logged: string[] = [];

  beforeAll(async () => {
    kafka = await ownBroker(['authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer', 'allow.everyone.if.no.acl.found=true', 'log.retention.hours=1']);
  }, BROKER_START);
  afterAll(() => kafka.stop());
  beforeEach(() => {
    topic = `spec-${Math.random().toString(36).slice(2)}-changelog`;
  });
  afterEach(async () => {
    await Promise.all(producers.splice(0).map((it) => it.close()));
  });

  const changelog = (change: Partial<KafkaChangelogOptions> = {}) =>
    kafkaChangelog({ brokers: [kafka.brokers], log: (level, event) => logged.push(`${level} ${event}`), ...change });

  const producer = async (): Promise<TransactionalProducer> => {
    const made = await kafkaPort({ brokers: [kafka.brokers], log: () => undefined }).transactional({ id: topic, timeout: 30_000 });
    producers.push(made);
    return made;
  };

  const record = (key: string, value: string | Buffer = key) => ({ key, value, headers: { epoch: '7', 'größe': '🛒' }, placement: '' });

  const written = async (by: TransactionalProducer, end: 'commit' | 'abort' | undefined, keys: readonly string[], partition = 0): Promise<void> => {
    const transaction = await by.begin();
    await transaction.send({ topic, partition, records: keys.map((key) => record(key)) });
    if (end) await transaction[end]();
  };

  const all = (until?: string, partition = 0): Promise<readonly StoredRecord[]> =>
    lastValueFrom(changelog().read(topic, partition, until === undefined ? undefined : ({ key }) => key === until).pipe(toArray()));

  const keysOf = (records: readonly { readonly key: string | null }[]) => records.map(({ key }) => key);

  const groups = async (): Promise<readonly string[]> => {
    let found: readonly string[] = [];
    await asAdmin(kafka.brokers, async (admin) => {
      found = (await admin.listGroups()).groups.map(({ groupId }) => groupId).filter((it) => it.startsWith(topic));
    });
    return found;
  };

  /** Deleting comes after the end of the reading, so this waits for it; the time of the test limits it. */
  const noGroups = async (): Promise<void> => {
    while ((await groups()).length > 0) await new Promise((resolve) => setTimeout(resolve, 50));
  };

  describe('the topic', () => {
    test('is created so that nothing in it is ever removed by itself, and found again', async () => {
      expect(await changelog().prepare(topic, 3)).toStrictEqual({ topic, partitions: 3, maxRecordBytes: 1_048_588 - 61 });
      expect(await changelog().prepare(topic, 3)).toMatchObject({ partitions: 3 });
      expect(await settingsOf(topic)).toMatchObject({
        'cleanup.policy': 'delete', 'retention.ms': '-1', 'retention.bytes': '-1', 'max.message.bytes': '1048588', 'compression.type': 'producer',
      });
      expect(logged.filter((it) => it === 'info kafka_topic_created')).toHaveLength(1);
    });

    const settingsOf = async (name: string): Promise<Record<string, string>> => {
      const found: Record<string, string> = {};
      await asAdmin(kafka.brokers, async (admin) => {
        const { resources } = await admin.describeConfigs({ includeSynonyms: false, resources: [{ type: ConfigResourceTypes.TOPIC, name }] });
        for (const { configName, configValue } of resources.flatMap(({ configEntries }) => configEntries)) found[configName] = configValue;
      });
      return found;
    };

    test.each([
      { name: 'cleanup.policy', found: 'compact', wanted: 'delete' },
      { name: 'retention.ms', found: '3600000', wanted: '-1' },
      { name: 'retention.bytes', found: '1000000', wanted: '-1' },
      { name: 'max.message.bytes', found: '1000000', wanted: '1048588' },
      { name: 'compression.type', found: 'lz4', wanted: 'producer' },
    ])('is refused with $name=$found, with the command that mends it', async ({ name, found, wanted }) => {
      const settings = { 'retention.ms': '-1', [name]: found };
      await kafka.createTopics({ topic, configEntries: Object.entries(settings).map(([key, value]) => ({ name: key, value })) });
      await expect(changelog().prepare(topic, 1)).rejects.toMatchObject({
        name: 'KafkaError',
        fatal: true,
        message: [
          `topic ${topic} on ${kafka.brokers} is not as a changelog must be: its ${name} is ${found}, wanted: ${wanted}; change it with:`,
          `  kafka-configs.sh --bootstrap-server ${kafka.brokers} --alter --entity-type topics --entity-name ${topic} --add-config ${name}=${wanted}`,
        ].join('\n'),
      });
    });

    test('is refused with the settings that the cluster gives to topics by itself, all differences at once', async () => {
      await kafka.createTopics({ topic });
      const error: unknown = await changelog().prepare(topic, 1).catch((it: unknown) => it);
      expect(String(error)).toContain('its retention.ms is 3600000, wanted: -1');
    });

    test('is refused with another number of partitions', async () => {
      await changelog().prepare(topic, 2);
      await expect(changelog().prepare(topic, 1)).rejects.toMatchObject({
        fatal: true,
        message: expect.stringContaining(`topic ${topic} on ${kafka.brokers} is not as a changelog must be: it has 2 partitions, wanted: 1; records cannot move`),
      });
    });

    test('that may not be created is told with the command for those who may', async () => {
      // Brokers ask for the permission to create any topic, and then for that to create this one.
      const rules = [
        { resourceType: AclResourceTypes.CLUSTER, resourceName: 'kafka-cluster' },
        { resourceType: AclResourceTypes.TOPIC, resourceName: topic },
      ].flatMap((resource) => {
        const everybody = { ...resource, resourcePatternType: ResourcePatternTypes.LITERAL, principal: 'User:ANONYMOUS', host: '*' };
        return [
          { ...everybody, operation: AclOperationTypes.ALL, permissionType: AclPermissionTypes.ALLOW },
          { ...everybody, operation: AclOperationTypes.CREATE, permissionType: AclPermissionTypes.DENY },
        ];
      });
      await asAdmin(kafka.brokers, (admin) => admin.createAcls({ acl: rules }));
      const error: unknown = await changelog().prepare(topic, 1).catch((it: unknown) => it);
      await asAdmin(kafka.brokers, (admin) => admin.deleteAcls({ filters: rules }));
      expect(error).toMatchObject({ fatal: true });
      expect(String(error)).toContain(`cannot create topic ${topic} on ${kafka.brokers}`);
      expect(String(error)).toContain(`--create --topic ${topic} --partitions 1 --config cleanup.policy=delete --config retention.ms=-1`);
    });
  });

  describe('reading', () => {
    test('gives all committed records in order, with all their parts, and ends after the last one', async () => {
      await changelog().prepare(topic, 1);
      const ours = await producer();
      const keys = Array.from({ length: 1_500 }, (_, i) => `k${i}`);
      for (let i = 0; i < keys.length; i += 300) await written(ours, 'commit', keys.slice(i, i + 300));
      await written(ours, 'commit', ['own', 'behind it']);

      const records = await all('own');
      expect(keysOf(records)).toStrictEqual([...keys, 'own']);
      expect(records.map(({ offset, key, value, headers }) => ({ offset: Number(offset), partition: 0, key, value: value.toString(), headers }))).toStrictEqual(
        (await readByKcat(kafka.brokers, topic)).slice(0, -1),
      );
      await noGroups();
    });

    test('waits for the last record, if it is not there yet', async () => {
      await changelog().prepare(topic, 1);
      const ours = await producer();
      await written(ours, 'commit', ['a']);
      const reading = all('own');
      await new Promise((resolve) => setTimeout(resolve, 500));
      await written(ours, 'commit', ['b', 'own']);
      expect(keysOf(await reading)).toStrictEqual(['a', 'b', 'own']);
    });

    test('a partition with nothing in it but the own record', async () => {
      await changelog().prepare(topic, 1);
      await written(await producer(), 'commit', ['own']);
      expect(keysOf(await all('own'))).toStrictEqual(['own']);
    });

    test('reads one partition of several', async () => {
      await changelog().prepare(topic, 3);
      const ours = await producer();
      for (const partition of [0, 1, 2]) await written(ours, 'commit', [`in ${partition}`, 'own'], partition);
      expect(keysOf(await all('own', 1))).toStrictEqual(['in 1', 'own']);
    });

    test('to the end: also where the end is the mark of an abort, and where there is nothing at all', async () => {
      await changelog().prepare(topic, 1);
      expect(await all()).toStrictEqual([]);
      const ours = await producer();
      await written(ours, 'commit', ['a', 'b']);
      expect(keysOf(await all())).toStrictEqual(['a', 'b']);
      await written(ours, 'abort', ['c']);
      expect(keysOf(await all())).toStrictEqual(['a', 'b']);
      await changelog().trim(topic, 0, 2n);
      expect(await all()).toStrictEqual([]);
      await noGroups();
    });

    test('large records are read whole, and more of them than one answer holds', async () => {
      await changelog().prepare(topic, 1);
      const ours = await producer();
      const transaction = await ours.begin();
      const values = Array.from({ length: 30 }, (_, i) => Buffer.alloc(700_000, `${i},`));
      for (const [i, value] of values.entries()) await transaction.send({ topic, partition: 0, records: [record(`k${i}`, value)] });
      await transaction.commit();
      const same$ = changelog().read(topic, 0, ({ key }) => key === 'k29').pipe(map(({ value }, i) => value.equals(values[i]!)), toArray());
      expect(await lastValueFrom(same$)).toStrictEqual(values.map(() => true));
    });

    test('gives every record once, also when the broker dies meanwhile and comes back', async () => {
      await changelog().prepare(topic, 1);
      await written(await producer(), 'commit', ['a', 'b']);
      const seen: (string | null)[] = [];
      const reading = lastValueFrom(changelog().read(topic, 0, ({ key }) => key === 'own').pipe(tap(({ key }) => seen.push(key))));
      while (seen.length < 2) await new Promise((resolve) => setTimeout(resolve, 50));
      await kafka.kill();
      await kafka.restart();
      await written(await producer(), 'commit', ['c', 'own']);
      await reading;
      expect(seen).toStrictEqual(['a', 'b', 'c', 'own']);
      await noGroups();
    });

    test('leaves early when nobody listens any more, and leaves no group behind', async () => {
      await changelog().prepare(topic, 1);
      await written(await producer(), 'commit', ['a', 'b', 'c']);
      const seen: (string | null)[] = [];
      await lastValueFrom(changelog().read(topic, 0, () => false).pipe(tap(({ key }) => seen.push(key)), take(2)));
      expect(seen).toStrictEqual(['a', 'b']);
      await noGroups();
    });

    test('fails after a time without a record, and leaves no group behind', async () => {
      await changelog().prepare(topic, 1);
      await written(await producer(), 'commit', ['a']);
      await expect(lastValueFrom(changelog({ stallTimeout: 3_000 }).read(topic, 0, () => false))).rejects.toMatchObject({
        name: 'KafkaError', fatal: false, message: `cannot read topic ${topic}, partition 0: no record for 3 s`,
      });
      await noGroups();
    });

    test('an error of the one who looks for the last record is passed on, and not tried again', async () => {
      await changelog().prepare(topic, 1);
      await written(await producer(), 'commit', ['a']);
      let calls = 0;
      const read$ = changelog().read(topic, 0, () => {
        calls += 1;
        throw new Error('no');
      });
      await expect(lastValueFrom(read$)).rejects.toThrow('no');
      await noGroups();
      expect(calls).toBe(1);
    });

    test('a topic that does not exist, and a broker that is not there', async () => {
      await expect(lastValueFrom(changelog().read(topic, 0, () => true))).rejects.toMatchObject({ name: 'KafkaError', message: expect.stringContaining(`cannot read topic ${topic}, partition 0`) });
      await expect(lastValueFrom(changelog({ brokers: ['127.0.0.1:1'] }).read(topic, 0, () => true))).rejects.toMatchObject({ name: 'KafkaError', fatal: false });
    });

    test('law: whatever the producers of one transactional id commit, abort and leave open, it shows what kcat shows', async () => {
      const step = fc.record({ end: fc.constantFrom('commit' as const, 'abort' as const, undefined), records: fc.integer({ min: 1, max: 5 }) });
      await fc.assert(
        fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 12 }), async (steps) => {
          topic = `spec-${Math.random().toString(36).slice(2)}-changelog`;
          await changelog().prepare(topic, 1);
          let ours = await producer();
          for (const [i, { end, records }] of steps.entries()) {
            await written(ours, end, Array.from({ length: records }, (_, k) => `${i}.${k}`));
            if (end === undefined) ours = await producer();
          }
          await written(ours, 'commit', ['own']);
          const committed = steps.flatMap(({ end, records }, i) => (end === 'commit' ? Array.from({ length: records }, (_, k) => `${i}.${k}`) : []));
          const seen = keysOf(await all('own'));
          expect(seen).toStrictEqual([...committed, 'own']);
          expect(keysOf(await readByKcat(kafka.brokers, topic))).toStrictEqual(seen);
        }),
        { numRuns: 8 },
      );
    });
  });

  describe('trimming', () => {
    test('deletes what lies below an offset, and nothing else; a lower offset changes nothing', async () => {
      await changelog().prepare(topic, 1);
      const ours = await producer();
      await written(ours, 'commit', ['a', 'b']);
      await written(ours, 'commit', ['c', 'own']);
      const third = (await all('own'))[2]!;
      await changelog().trim(topic, 0, third.offset);
      expect(keysOf(await all('own'))).toStrictEqual(['c', 'own']);
      await changelog().trim(topic, 0, 1n);
      expect(keysOf(await all('own'))).toStrictEqual(['c', 'own']);
      expect((await firstValueFrom(changelog().read(topic, 0))).offset).toBe(third.offset);
      await written(ours, 'commit', ['d']);
      expect(keysOf(await all())).toStrictEqual(['c', 'own', 'd']);
    });

    test('beyond the end fails and says why', async () => {
      await changelog().prepare(topic, 1);
      await expect(changelog().trim(topic, 0, 10n)).rejects.toMatchObject({ name: 'KafkaError', message: expect.stringContaining('(OFFSET_OUT_OF_RANGE)') });
    });
  });
});
