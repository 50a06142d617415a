import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Kafka, logLevel, type Admin, type ITopicConfig } from 'kafkajs';
import '../../src/io/kafkaIdle.js';
import type { TcpProxy } from './tcpProxy.js';

/** A Kafka cluster to test against. */
export interface Brokers {
  /** `host:port`, one or more, with commas between: what `KAFKA_BROKERS` holds. */
  readonly brokers: string;
  createTopics(...topics: ITopicConfig[]): Promise<void>;
  /** Stops what was started for the specs; a cluster that was there before goes on. */
  stop(): Promise<void>;
}

/** A broker of one's own, with which anything may be done. It keeps its port and its data until `stop`. */
export interface OwnBroker extends Brokers {
  /** SIGKILL. */
  kill(): Promise<void>;
  /** After `kill`; resolves when it answers again. */
  restart(): Promise<void>;
  /** SIGSTOP and SIGCONT: it holds its connections and answers nothing. */
  pause(): void;
  resume(): void;
}

/** Enough for a download of Kafka on a slow line; usually a start takes 5 s. */
export const BROKER_START = 180_000;

/** The cluster that `KAFKA_BROKERS` names, which loses the topics again in the end, or else a new broker. */
export async function someBrokers(): Promise<Brokers> {
  const brokers = process.env['KAFKA_BROKERS'];
  if (brokers === undefined) return ownBroker();
  const created: string[] = [];
  return {
    brokers,
    async createTopics(...topics) {
      await createTopics(brokers, topics);
      created.push(...topics.map(({ topic }) => topic));
    },
    stop: () => asAdmin(brokers, (admin) => admin.deleteTopics({ topics: created })),
  };
}

/**
 * A new broker on free ports of the loopback interface; `settings` are lines of its configuration.
 * Clients that come to it through the proxy stay behind the proxy; those that come to `brokers`, and
 * the broker itself, are not disturbed.
 */
export async function ownBroker(settings: readonly string[] = [], proxy?: TcpProxy): Promise<OwnBroker> {
  const ports = [await freePort(), await freePort()];
  return brokerOn(ports, proxy ? [...settings, ...(await behind(proxy, ports))] : settings);
}

/** A broker that has more doors than the plain one; `addresses` tells where they are. */
export interface BrokerWithDoors<Door extends string> extends OwnBroker {
  readonly addresses: Readonly<Record<Door, string>>;
}

/** A new broker with one more listener for each name in `doors`; `settings` say the rest about them. */
export async function brokerWithDoors<Door extends string>(doors: Readonly<Record<Door, 'SSL' | 'SASL_SSL'>>, settings: readonly string[]): Promise<BrokerWithDoors<Door>> {
  const ports = [await freePort(), await freePort()];
  const [port, controllerPort] = ports;
  const listeners = [`PLAINTEXT://127.0.0.1:${port}`, `CONTROLLER://127.0.0.1:${controllerPort}`];
  const protocols = ['PLAINTEXT:PLAINTEXT', 'CONTROLLER:PLAINTEXT'];
  const addresses: Record<string, string> = {};
  for (const [name, protocol] of Object.entries(doors)) {
    const address = `127.0.0.1:${await freePort()}`;
    addresses[name] = address;
    listeners.push(`${name.toUpperCase()}://${address}`);
    protocols.push(`${name.toUpperCase()}:${String(protocol)}`);
  }
  const broker = await brokerOn(ports, [...settings, `listeners=${listeners.join()}`, `listener.security.protocol.map=${protocols.join()}`]);
  return { ...broker, addresses: { ...doors, ...addresses } };
}

/** Three brokers, each with a copy of everything; any two of them can go on without the third. */
export interface OwnCluster extends Brokers {
  readonly nodes: readonly OwnBroker[];
}

/** A new cluster on free ports of the loopback interface, one process each. Leaders that had to move away come back after a second. */
export async function ownCluster(): Promise<OwnCluster> {
  const ports = await Promise.all([1, 2, 3].map(async () => [await freePort(), await freePort()]));
  const voters = ports.map(([, controllerPort], place) => `${place + 1}@127.0.0.1:${controllerPort}`).join();
  const copies = ['default.replication.factor', 'offsets.topic.replication.factor', 'transaction.state.log.replication.factor'].map((it) => `${it}=3`);
  const least = ['min.insync.replicas', 'transaction.state.log.min.isr'].map((it) => `${it}=2`);
  const settings = [`controller.quorum.voters=${voters}`, ...copies, ...least, 'leader.imbalance.check.interval.seconds=1', 'leader.imbalance.per.broker.percentage=0'];
  const nodes = await Promise.all(ports.map((pair, place) => brokerOn(pair, [...settings, `node.id=${place + 1}`])));
  const brokers = nodes.map((it) => it.brokers).join();
  return {
    brokers,
    nodes,
    createTopics: (...topics) => createTopics(brokers, topics),
    async stop() {
      // In peace the last one would wait for the others.
      await Promise.all(nodes.map((it) => it.kill()));
      await Promise.all(nodes.map((it) => it.stop()));
    },
  };
}

async function brokerOn(ports: readonly number[], settings: readonly string[]): Promise<OwnBroker> {
  const data = await mkdtemp(join(tmpdir(), 'pages-viewed-kafka-'));
  const args = ['--port', `${ports[0]}`, '--controller_port', `${ports[1]}`, '--data', data, ...settings.flatMap((it) => ['--set', it])];
  const brokers = `127.0.0.1:${ports[0]}`;
  let ended: Promise<unknown> = Promise.resolve();
  let pid = 0;

  const start = async (): Promise<void> => {
    const script = spawn('bash', ['deploy/kafka/local-broker.sh', ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    ended = once(script, 'exit');
    let complaints = '';
    script.stderr.on('data', (it) => (complaints += String(it)));
    await new Promise<void>((resolve, reject) => {
      script.stdout.on('data', (it) => {
        if (String(it).includes('KAFKA_BROKERS=')) resolve();
      });
      script.once('exit', (code) => reject(new Error(`the broker ended with ${code}: ${complaints}`)));
    });
    pid = Number(await readFile(join(data, 'broker.pid'), 'utf8'));
  };

  await start();
  return {
    brokers,
    createTopics: (...topics) => createTopics(brokers, topics),
    async kill() {
      if (pid !== 0) process.kill(pid, 'SIGKILL');
      await ended;
      pid = 0;
    },
    restart: start,
    pause: () => process.kill(pid, 'SIGSTOP'),
    resume: () => process.kill(pid, 'SIGCONT'),
    async stop() {
      if (pid !== 0) {
        process.kill(pid, 'SIGCONT');
        process.kill(pid, 'SIGTERM');
        await ended;
      }
      await rm(data, { recursive: true, force: true });
    },
  };
}

/** Lines that give the broker one more door, which it advertises as the proxy's address. */
async function behind(proxy: TcpProxy, [port, controllerPort]: readonly number[]): Promise<readonly string[]> {
  const proxied = await freePort();
  proxy.forwardTo(proxied);
  return [
    `listeners=PLAINTEXT://127.0.0.1:${port},PROXIED://127.0.0.1:${proxied},CONTROLLER://127.0.0.1:${controllerPort}`,
    `advertised.listeners=PLAINTEXT://127.0.0.1:${port},PROXIED://${proxy.address}`,
    'listener.security.protocol.map=PLAINTEXT:PLAINTEXT,PROXIED:PLAINTEXT,CONTROLLER:PLAINTEXT',
  ];
}

const createTopics = (brokers: string, topics: ITopicConfig[]): Promise<void> => asAdmin(brokers, (admin) => admin.createTopics({ topics, waitForLeaders: true }));

/** Does something to a cluster that only an administrator does. */
export async function asAdmin(brokers: string, task: (admin: Admin) => Promise<unknown>): Promise<void> {
  const admin = new Kafka({ brokers: brokers.split(','), logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  try {
    await task(admin);
  } finally {
    await admin.disconnect();
  }
}

/** Below the range from which the system picks ports for outgoing connections, so that none takes it meanwhile. */
async function freePort(): Promise<number> {
  const port = 20_000 + Math.floor(Math.random() * 10_000);
  const server = createServer();
  const free = await new Promise<boolean>((resolve) => {
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
  return free ? port : freePort();
}
