import * as t from 'io-ts';
import { lastValueFrom } from 'rxjs';
import { ensureSubscription, ensureTopic } from '../src/io/pubsubAdmin.js';
import { createPublisher } from '../src/io/pubsubPublisher.js';
import { paced } from '../src/traffic/paced.js';
import { pageViews } from './events.js';
import { startBroker, type Broker } from './kafka.js';
import { count, inProcess, megabytes, print, quantile, script, startServer } from './measure.js';
import { slopeAnHour } from './soak/slope.js';

/**
 * A steady load for a long time, with faults, and what the memory of the pipeline does meanwhile. `SOAK_SECONDS` (3 600) and
 * `SOAK_RATE` (5 000 messages a second: half of what the pipeline can take where the figures of the documentation come from).
 */

const SECONDS = Number(process.env['SOAK_SECONDS'] ?? 3_600);
const RATE = Number(process.env['SOAK_RATE'] ?? 5_000);
const MESSAGES = Math.floor(SECONDS * RATE);

/** What is remembered for ten minutes has come to its size by then; a short soak remembers closed sessions for less. */
const WARM_UP = Math.min(900, 0.6 * SECONDS);
const CLOSED_SESSION_MEMORY = Math.min(600, Math.round(SECONDS / 6));
const EVERY = Math.max(2, Math.min(30, SECONDS / 60));

const TOPIC = 'projects/bench/topics/soak';
const SUBSCRIPTION = 'projects/bench/subscriptions/soak';
const DISORDER = 5_000;
const MINUTE = 60_000;

/** So long the broker holds its connections and answers nothing, every two minutes. */
const BROKER_STANDS_STILL = 5_000;

const Told = t.type({
  samples: t.array(t.type({ seconds: t.number, heap: t.number, resident: t.number, held: t.number })),
  counts: t.type({ received: t.number, duplicates: t.number, held: t.number, closed: t.number, deadLetters: t.record(t.string, t.number) }),
  results: t.number,
  logged: t.record(t.string, t.number),
});

export async function soak(): Promise<void> {
  const broker = await startBroker();
  const pubsub = await startServer(process.execPath, [script('soak/pubsub'), SUBSCRIPTION], /PUBSUB_EMULATOR_HOST=(\S+)/);
  const apiEndpoint = pubsub.address;
  const trouble = setInterval(() => troubled(broker), 2 * MINUTE);
  try {
    const small = [{ name: 'retention.bytes', value: '200000000' }, { name: 'segment.bytes', value: '50000000' }];
    await broker.createTopics({ topic: 'soak', numPartitions: 6, configEntries: small }, { topic: 'soak.dead-letter', numPartitions: 1, configEntries: small });
    await ensureTopic(TOPIC, { apiEndpoint });
    await ensureSubscription(SUBSCRIPTION, TOPIC, { apiEndpoint, exactlyOnce: true });
    print(`Node ${process.version}, ${count(RATE)} messages a second for ${count(SECONDS)} s, with faults; memory counts from ${count(WARM_UP)} s on`);

    const publisher = createPublisher({ projectTopic: TOPIC, apiEndpoint });
    const startAt = Date.now() + 5_000;
    const publishing = lastValueFrom(
      paced({ items: views(startAt), at: ({ at }) => at, send: (due) => publisher.publish(due.map(({ body }) => ({ data: body, attributes: {} }))) }),
    );
    const flags = ['--input_subscription', SUBSCRIPTION, '--kafka_brokers', broker.address, '--output_topic', 'soak', '--job', 'soak', '--closed_session_memory', `${CLOSED_SESSION_MEMORY}`];
    const [ran] = await Promise.all([inProcess('soak/pipeline', [`${MESSAGES}`, `${EVERY}`, ...flags], { PUBSUB_EMULATOR_HOST: apiEndpoint }), publishing]);
    await publisher.close();
    report(ran);
  } finally {
    clearInterval(trouble);
    await pubsub.stop();
    await broker.stop();
  }
}

/** Page views in the time of their events, which is that of the clock: as many sessions are open as such a rate has open. */
function* views(startAt: number): Generator<{ readonly at: number; readonly body: string }, void> {
  const openSessions = Math.round((RATE * (100_000 + DISORDER)) / 3_000);
  let first: number | undefined;
  for (const { sentAt, body } of pageViews({ count: MESSAGES, openSessions, disorder: DISORDER })) {
    first ??= sentAt;
    yield { at: startAt + sentAt - first, body };
  }
}

const troubled = (broker: Broker): void => {
  broker.stand();
  setTimeout(() => broker.goOn(), BROKER_STANDS_STILL);
};

const report = (ran: unknown): void => {
  const told = Told.decode(ran);
  if (told._tag === 'Left') throw new Error('the pipeline told something else');
  const { samples, counts, results, logged } = told.right;
  const steady = samples.filter(({ seconds }) => seconds > WARM_UP);
  const half = Math.floor(steady.length / 2);
  for (const [name, of] of [['heap after gc', 'heap'], ['resident', 'resident']] as const) {
    const [early, late] = [steady.slice(0, half), steady.slice(half)].map((part) => quantile(part.map((it) => it[of]), 0.5));
    print(`${name.padEnd(16)} ${megabytes(early ?? NaN)} in the first half, ${megabytes(late ?? NaN)} in the second; slope ${megabytes(slopeAnHour(steady, (it) => it[of]))} an hour, by ${count(steady.length)} samples`);
  }
  const perEvent = steady.map(({ heap, held }) => heap / Math.max(1, held));
  print(`heap an event held ${count(quantile(perEvent, 0.5))} bytes, with ${count(quantile(steady.map(({ held }) => held), 0.5))} held`);
  print(`account          ${JSON.stringify(counts)}, ${count(results)} results`);
  print(`log              ${JSON.stringify(logged)}`);
  const placed = counts.held + counts.closed + Object.values(counts.deadLetters).reduce((sum, it) => sum + it, 0);
  print(`published ${count(MESSAGES)}, each in one place: ${placed === MESSAGES ? 'yes' : `no, ${count(placed)}`}\n`);
};
