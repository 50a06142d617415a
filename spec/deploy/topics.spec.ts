import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { ConfigResourceTypes, Kafka, logLevel, type Admin } from 'kafkajs';
import { BROKER_START, someBrokers, type Brokers } from '../support/kafkaBroker.js';
import { describeWith } from '../support/requires.js';

jest.setTimeout(120_000);

interface Ended {
  readonly status: number | null;
  readonly stderr: string;
}

const run = (script: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Ended =>
  spawnSync(resolve('deploy/kafka', script), args, { encoding: 'utf8', env: { ...process.env, ...env } });

describe.each(['create-topics.sh', 'delete-topics.sh'])('%s', (script) => {
  test('says how it is called when it is called otherwise', () => {
    for (const args of [[], ['--brokers', 'a:1'], ['--topics', 'a:1'], ['--nonsense']]) expect(run(script, args)).toMatchObject({ status: 2, stderr: expect.stringContaining(`${script} --brokers`) });
    expect(run(script, ['--help'])).toMatchObject({ status: 0, stderr: '' });
  });
});

test('create-topics.sh wants the number of partitions', () => {
  expect(run('create-topics.sh', ['--brokers', 'a:1', '--topics', 'a:1,b'])).toMatchObject({ status: 2, stderr: expect.stringContaining('b is to be b:N') });
});

describeWith(['java', 'mvn'], 'the scripts for topics, against a broker', () => {
  let kafka: Brokers;
  let admin: Admin;
  let shims: string;
  const name = `spec-${Math.random().toString(36).slice(2)}`;
  const topics = [name, `${name}.dead-letter`];
  const neighbour = `${name}-dead-letter`; // which a dot in a regular expression would match, too

  beforeAll(async () => {
    kafka = await someBrokers();
    admin = new Kafka({ brokers: kafka.brokers.split(','), logLevel: logLevel.NOTHING }).admin();
    await admin.connect();
    // As in a container of Kafka's, where the command stands on the PATH and there is no Maven.
    shims = mkdtempSync(join(tmpdir(), 'pages-viewed-path-'));
    const command = join(shims, 'kafka-topics.sh');
    writeFileSync(command, `#!/bin/bash\nexec java -cp "$(${resolve('deploy/kafka/kafka-jars.sh')})/*" org.apache.kafka.tools.TopicCommand "$@"\n`);
    chmodSync(command, 0o755);
  }, BROKER_START);
  afterAll(async () => {
    await admin.disconnect();
    await kafka.stop();
    rmSync(shims, { recursive: true });
  });

  const ours = async (): Promise<readonly string[]> => (await admin.listTopics()).filter((it) => it.startsWith(name)).sort();

  test('they create topics with room for every dead letter, leave those that exist, and delete what they are told to, and only then', async () => {
    const wanted = topics.map((it, place) => `${it}:${3 - 2 * place}`).join();
    const create = ['--brokers', kafka.brokers, '--topics', `${wanted},${neighbour}:1`];
    expect(run('create-topics.sh', create)).toMatchObject({ status: 0 });
    expect(run('create-topics.sh', create, { PATH: `${shims}:${process.env['PATH'] ?? ''}` })).toMatchObject({ status: 0 });
    const { topics: [first] } = await admin.fetchTopicMetadata({ topics: [name] });
    expect(first?.partitions).toHaveLength(3);
    const { resources } = await admin.describeConfigs({ includeSynonyms: false, resources: [{ type: ConfigResourceTypes.TOPIC, name, configNames: ['max.message.bytes'] }] });
    expect(resources[0]?.configEntries[0]?.configValue).toBe('11534336');

    const remove = ['--brokers', kafka.brokers, '--topics', [...topics, `${name}-that-never-was`].join()];
    expect(run('delete-topics.sh', remove)).toMatchObject({ status: 2, stderr: expect.stringContaining('would delete') });
    expect(await ours()).toEqual([neighbour, ...topics].sort());
    expect(run('delete-topics.sh', [...remove, '--yes'])).toMatchObject({ status: 0 });
    expect(await ours()).toEqual([neighbour]);
    expect(run('delete-topics.sh', ['--brokers', kafka.brokers, '--topics', neighbour, '--yes'])).toMatchObject({ status: 0 });
  });
});
