import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lastValueFrom } from 'rxjs';
import { ensureSubscription, ensureTopic } from '../src/io/pubsubAdmin.js';
import { createPublisher, type OutgoingMessage } from '../src/io/pubsubPublisher.js';
import { paced } from '../src/traffic/paced.js';
import { changelogBytesPerMessage, sampleOf, type Written } from './e2e/written.js';
import { pageViews } from './events.js';
import { startBroker, type Broker } from './kafka.js';
import { count, inProcess, medianOf, numberIn, print, ROUNDS, script, startServer, type Server } from './measure.js';

/** Pub/Sub → pipeline → Kafka, transactions on, beside a bare loop of the same two clients with the same records. */

const MESSAGES = Number(process.env['BENCH_EVENTS'] ?? 200_000);
const OPEN_SESSIONS = 5_000;
const PARTITIONS = 6;
const OUTPUT = 'results';
const PACED = 'paced';
const BARE = 'bare';
const BARE_CHANGELOG = 'bare-changelog';
const COMMIT_INTERVAL = 1_000;

/** Of the latency run: every so many messages one is refused, and its dead letter can be read as soon as it is committed. */
const EVERY_REFUSED = 20;

const topicOf = (name: string): string => `projects/bench/topics/${name}`;
const subscriptionOf = (name: string): string => `projects/bench/subscriptions/${name}`;
const deadLettersOf = (topic: string): string => `${topic}.dead-letter`;

interface Surroundings {
  readonly broker: Broker;
  readonly pubsub: Server;
  readonly messages: readonly OutgoingMessage[];
}

export async function e2e(): Promise<void> {
  const broker = await startBroker();
  const folder = mkdtempSync(join(tmpdir(), 'pages-viewed-bench-'));
  let pubsub: Server | undefined;
  try {
    pubsub = await startServer(process.execPath, [script('../src/main'), 'emulator', '--port', '0', '--log_level', 'warn'], /PUBSUB_EMULATOR_HOST=(\S+)/);
    await broker.createTopics(
      ...[OUTPUT, PACED, BARE].map((topic) => ({ topic, numPartitions: PARTITIONS })),
      ...[deadLettersOf(OUTPUT), deadLettersOf(PACED), BARE_CHANGELOG].map((topic) => ({ topic, numPartitions: 1 })),
    );
    const bodies = [...pageViews({ count: MESSAGES, openSessions: OPEN_SESSIONS, disorder: 5_000 })].map(({ body }) => body);
    const messages = bodies.map((data) => ({ data, attributes: {} }));
    const bytes = Math.round(bodies.reduce((sum, { length }) => sum + length, 0) / MESSAGES);
    print(`Node ${process.version}, ${count(MESSAGES)} messages of ${bytes} bytes, ${count(OPEN_SESSIONS)} sessions open, commit interval ${COMMIT_INTERVAL / 1_000} s, median of ${ROUNDS} rounds`);
    const around = { broker, pubsub, messages };
    const written = await record(around, join(folder, 'written.json'));
    print(`the pipeline writes ${written.resultsPerMessage.toFixed(2)} results and ${count(written.changelogBytesPerMessage)} bytes of state a message\n`);
    const perSecond = await compare(around, join(folder, 'written.json'));
    await latency(around, perSecond / 2);
  } finally {
    rmSync(folder, { recursive: true, force: true });
    await pubsub?.stop();
    await broker.stop();
  }
}

/** A topic with subscriptions of these names, and all messages on them. */
async function preload({ pubsub, messages }: Surroundings, ...names: readonly string[]): Promise<void> {
  await subscribed(pubsub, ...names);
  const publisher = createPublisher({ projectTopic: topicOf(names.join('-')), apiEndpoint: pubsub.address });
  await publisher.publish(messages);
  await publisher.close();
}

async function subscribed({ address: apiEndpoint }: Server, ...names: readonly string[]): Promise<void> {
  const topic = topicOf(names.join('-'));
  await ensureTopic(topic, { apiEndpoint });
  for (const name of names) await ensureSubscription(subscriptionOf(name), topic, { apiEndpoint, exactlyOnce: true });
}

const runPipeline = ({ broker, pubsub }: Surroundings, job: string, output = OUTPUT): Promise<unknown> => {
  const flags = ['--input_subscription', subscriptionOf(job), '--kafka_brokers', broker.address, '--output_topic', output, '--job', job];
  return inProcess('e2e/pipeline', [String(MESSAGES), ...flags], { PUBSUB_EMULATOR_HOST: pubsub.address });
};

const runBare = ({ broker, pubsub }: Surroundings, name: string, writtenPath: string): Promise<unknown> =>
  inProcess('e2e/bareClients', [String(MESSAGES), subscriptionOf(name), broker.address, BARE, BARE_CHANGELOG, writtenPath], { PUBSUB_EMULATOR_HOST: pubsub.address });

/** A round that does not count: it warms the servers up, and tells what the pipeline writes. */
async function record(around: Surroundings, path: string): Promise<Written> {
  const { address } = around.broker;
  const job = 'recorded';
  await preload(around, job);
  const [bytes, ran] = await Promise.all([changelogBytesPerMessage(address, `${job}-changelog`, MESSAGES / 4), runPipeline(around, job)]);
  const written = {
    resultsPerMessage: numberIn(ran, 'results') / numberIn(ran, 'messages'),
    changelogBytesPerMessage: bytes,
    records: await sampleOf(address, OUTPUT, PARTITIONS),
  };
  writeFileSync(path, JSON.stringify(written));
  return written;
}

/** Returns how many messages a second the pipeline can take. */
async function compare(around: Surroundings, writtenPath: string): Promise<number> {
  const pipeline: unknown[] = [];
  const bare: unknown[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const names = [`pipeline-${round}`, `bare-${round}`] as const;
    await preload(around, ...names);
    pipeline.push(await runPipeline(around, names[0]));
    bare.push(await runBare(around, names[1], writtenPath));
  }
  const rate = (runs: readonly unknown[], per: 'cpuSeconds' | 'wallSeconds'): number =>
    medianOf(runs.map((it) => ({ rate: numberIn(it, 'messages') / numberIn(it, per) })), 'rate');
  for (const [title, runs] of [['bare loop of the two clients', bare], ['pipeline', pipeline]] as const) {
    print(`${title.padEnd(30)}${count(rate(runs, 'cpuSeconds')).padStart(8)} messages/CPU s, ${count(rate(runs, 'wallSeconds'))} a second`);
  }
  print(`${'ratio'.padEnd(30)}${(rate(pipeline, 'cpuSeconds') / rate(bare, 'cpuSeconds')).toFixed(2).padStart(8)}\n`);
  return rate(pipeline, 'wallSeconds');
}

async function latency(around: Surroundings, perSecond: number): Promise<void> {
  const { broker, pubsub } = around;
  await subscribed(pubsub, PACED);
  const publisher = createPublisher({ projectTopic: topicOf(PACED), apiEndpoint: pubsub.address });
  const startAt = Date.now() + 5_000; // everything has been started by then
  const items = around.messages.map((message, place) => ({ at: startAt + (place * 1_000) / perSecond, message: place % EVERY_REFUSED === 0 ? refused(message) : message }));
  const publishing$ = paced({ items: items.values(), at: ({ at }) => at, send: (due) => publisher.publish(due.map(({ message }) => message)) });
  const [seen, , publishedAt] = await Promise.all([
    inProcess('e2e/visible', [broker.address, deadLettersOf(PACED), String(Math.ceil(MESSAGES / EVERY_REFUSED))]),
    runPipeline(around, PACED, PACED),
    lastValueFrom(publishing$).then(() => Date.now()),
  ]);
  await publisher.close();
  const published = (MESSAGES * 1_000) / (publishedAt - startAt);
  const [half, most, longest] = ['median', 'p99', 'longest'].map((it) => numberIn(seen, it));
  print(`from publishing to visible for a reader of committed records, at ${count(published)} messages a second (to be: ${count(perSecond)}), by ${count(numberIn(seen, 'messages'))} of them`);
  print(`p50 ${half} ms, p99 ${most} ms, longest ${longest} ms; p99 is ${((most ?? NaN) / COMMIT_INTERVAL).toFixed(2)} × the commit interval\n`);
}

const refused = ({ data, attributes }: OutgoingMessage): OutgoingMessage => ({ data: String(data).replace('"event_name":"page_view"', '"event_name":"scroll"'), attributes });
