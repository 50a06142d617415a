import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Kafka, logLevel, type ITopicConfig } from 'kafkajs';
import '../src/io/kafkaIdle.js';
import { startServer } from './measure.js';

/** A Kafka broker of our own on the loopback interface, for as long as a benchmark runs. */
export interface Broker {
  /** `host:port`. */
  readonly address: string;
  createTopics(...topics: ITopicConfig[]): Promise<void>;
  /** SIGSTOP and SIGCONT: it holds its connections and answers nothing. */
  stand(): void;
  goOn(): void;
  /** It forgets everything. */
  stop(): Promise<void>;
}

/** Rejects where there is no Java, and says so. */
export async function startBroker(): Promise<Broker> {
  const { status } = spawnSync('java', ['-version']);
  if (status !== 0) throw new Error('this benchmark needs a Kafka broker, and that needs Java 17 or newer (and Maven, the first time): java was not found');
  const [port, controllerPort] = [await freePort(), await freePort()];
  const data = mkdtempSync(join(tmpdir(), 'pages-viewed-bench-kafka-'));
  const args = ['deploy/kafka/local-broker.sh', '--port', `${port}`, '--controller_port', `${controllerPort}`, '--data', data];
  const { address, ...server } = await startServer('bash', args, /KAFKA_BROKERS=(\S+)/);
  const pid = Number(readFileSync(join(data, 'broker.pid'), 'utf8'));
  return {
    address,
    stand: () => process.kill(pid, 'SIGSTOP'),
    goOn: () => process.kill(pid, 'SIGCONT'),
    async stop() {
      process.kill(pid, 'SIGCONT');
      await server.stop();
      rmSync(data, { recursive: true, force: true });
    },
    async createTopics(...topics) {
      const admin = new Kafka({ brokers: [address], logLevel: logLevel.NOTHING }).admin();
      await admin.connect();
      await admin.createTopics({ topics, waitForLeaders: true });
      await admin.disconnect();
    },
  };
}

/** Below the range from which the system picks ports for outgoing connections, so that none takes it meanwhile. */
async function freePort(): Promise<number> {
  const port = 20_000 + Math.floor(Math.random() * 10_000);
  const server = createServer();
  const isFree = await new Promise<boolean>((resolve) => {
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
  return isFree ? port : freePort();
}
