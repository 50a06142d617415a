import { AclOperationTypes, AclPermissionTypes, AclResourceTypes, ResourcePatternTypes } from 'kafkajs';
import { defer, lastValueFrom, retry, tap, throwError, timer, type Observable } from 'rxjs';
import { KafkaError } from '../../src/io/kafkaError.js';
import { kafkaSink, type KafkaSinkOptions } from '../../src/io/kafkaSink.js';
import type { Sink } from '../../src/runtime/ports.js';
import { asAdmin, BROKER_START, ownBroker, type OwnBroker } from '../support/kafkaBroker.js';
import { readByKcat } from '../support/kafkaRecords.js';
import { describeWith } from '../support/requires.js';
import { sampleResult } from '../support/results.js';

const done = (task: Observable<never>): Promise<unknown> => lastValueFrom(task, { defaultValue: undefined });

const failure = (task: Observable<never>): Promise<unknown> =>
  done(task).then(
    () => undefined,
    (error: unknown) => error,
  );

jest.setTimeout(120_000);

describeWith(['java', 'mvn', 'kcat'], 'kafkaSink when Kafka fails', () => {
  let kafka: OwnBroker;
  const topic = 'results';
  const logged: string[] = [];
  const options = (change: Partial<KafkaSinkOptions> = {}): KafkaSinkOptions => ({
    brokers: [kafka.brokers],
    outputTopic: topic,
    deadLetters: topic,
    encoding: { timestampPrecision: 'milliseconds' },
    log: (level, event) => logged.push(`${level} ${event}`),
    ...change,
  });

  beforeAll(async () => {
    kafka = await ownBroker(['authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer', 'allow.everyone.if.no.acl.found=true']);
    await kafka.createTopics({ topic, numPartitions: 3 });
  }, BROKER_START);
  afterAll(() => kafka.stop());

  const batch = (name: string, count: number) => Array.from({ length: count }, (_, i) => sampleResult({ session: `${name}-${i}` }));
  const sessions = async (name: string): Promise<string[]> => (await readByKcat(kafka.brokers, topic)).map(({ key }) => key ?? '').filter((key) => key.startsWith(`${name}-`));
  const keysOf = (results: ReturnType<typeof batch>): string[] => results.map(({ emitted }) => emitted.key).sort();

  /** Asks again until it succeeds, as the runtime does, unless the failure is fatal; but not for ever. */
  const insisting = (sink: Sink, results: ReturnType<typeof batch>, failures: unknown[]): Promise<unknown> =>
    done(
      defer(() => sink.write(results, [])).pipe(
        tap({ error: (it) => failures.push(it) }),
        retry({ count: 50, delay: (error: unknown) => (error instanceof KafkaError && !error.fatal ? timer(200) : throwError(() => error)) }),
      ),
    );

  test('a broker that is killed and comes back while it is written to: nothing is lost', async () => {
    const sink = kafkaSink(options());
    await done(sink.open());
    const results = batch('killed', 20_000);
    let written = false;
    const writing = insisting(sink, results, []).then(() => (written = true));
    await new Promise((resolve) => setTimeout(resolve, 100));
    await kafka.kill();
    expect(written).toBe(false);
    await kafka.restart();
    await writing;
    await done(sink.close());
    expect([...new Set(await sessions('killed'))].sort()).toStrictEqual(keysOf(results));
  });

  test('a broker that stays away: the write fails, names it, and succeeds once it is back', async () => {
    const sink = kafkaSink(options());
    await done(sink.open());
    await kafka.kill();
    const results = batch('away', 1_000);
    const failures: unknown[] = [];
    const writing = insisting(sink, results, failures);
    while (failures.length < 2) await new Promise((resolve) => setTimeout(resolve, 200));
    await kafka.restart();
    await writing;
    await done(sink.close());
    expect(failures.every((it) => it instanceof KafkaError && !it.fatal && it.message.includes('ECONNREFUSED'))).toBe(true);
    expect(String(failures[1])).toContain(`cannot use Kafka at ${kafka.brokers}`);
    expect([...new Set(await sessions('away'))].sort()).toStrictEqual(keysOf(results));
    expect(logged).toContain('warn kafka_client');
    expect(logged.filter((it) => it.startsWith('error'))).toStrictEqual([]);
  });

  test('a broker that stands still for a while: everything is written once', async () => {
    const sink = kafkaSink(options());
    await done(sink.open());
    const results = batch('paused', 5_000);
    kafka.pause();
    const writing = done(sink.write(results, []));
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    kafka.resume();
    await writing;
    await done(sink.close());
    expect((await sessions('paused')).sort()).toStrictEqual(keysOf(results));
  });

  test('a broker that does not answer for too long: the write fails and says so, and succeeds once it answers', async () => {
    const sink = kafkaSink(options({ stallTimeout: 2_000 }));
    await done(sink.open());
    const results = batch('stalled', 100);
    kafka.pause();
    const error = await failure(sink.write(results, []));
    kafka.resume();
    expect(error).toMatchObject({ name: 'KafkaError', fatal: false, message: 'no answer from Kafka for 2 s' });
    await insisting(sink, results, []);
    await done(sink.close());
    expect([...new Set(await sessions('stalled'))].sort()).toStrictEqual(keysOf(results));
  });

  test('no broker there at the start: the error names it and is not fatal', async () => {
    const error = await failure(kafkaSink(options({ brokers: ['127.0.0.1:1'] })).open());
    expect(error).toMatchObject({ name: 'KafkaError', fatal: false });
    expect(String(error)).toContain('cannot use Kafka at 127.0.0.1:1: Connection error: connect ECONNREFUSED');
  });

  test('a topic that is deleted while it is written to is fatal, once the broker has confirmed it', async () => {
    await kafka.createTopics({ topic: 'deleted' });
    const sink = kafkaSink(options({ outputTopic: 'deleted' }));
    await done(sink.open());
    await asAdmin(kafka.brokers, (admin) => admin.deleteTopics({ topics: ['deleted'] }));
    const failures: unknown[] = [];
    await expect(insisting(sink, batch('deleted', 1), failures)).rejects.toThrow('topic deleted does not exist');
    expect(failures.at(-1)).toMatchObject({ fatal: true });
  });

  test('no permission to write is fatal; none to read the settings of the topic is not', async () => {
    await kafka.createTopics({ topic: 'forbidden' });
    const rule = { resourceType: AclResourceTypes.TOPIC, resourceName: 'forbidden', resourcePatternType: ResourcePatternTypes.LITERAL, principal: 'User:ANONYMOUS', host: '*' };
    // Once a topic has rules, what none of them allows is forbidden. To read includes to see that it is there.
    await asAdmin(kafka.brokers, (admin) => admin.createAcls({ acl: [{ ...rule, operation: AclOperationTypes.READ, permissionType: AclPermissionTypes.ALLOW }] }));
    const sink = kafkaSink(options({ outputTopic: 'forbidden' }));
    await done(sink.open());
    const error = await failure(sink.write(batch('forbidden', 1), []));
    await done(sink.close());
    expect(logged).toContain('info kafka_limit_unknown');
    expect(error).toMatchObject({ name: 'KafkaError', fatal: true });
    expect(String(error)).toMatch(/cannot write to topic forbidden, partition 0: .* \(TOPIC_AUTHORIZATION_FAILED\)/);
  });
});
