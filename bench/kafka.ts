import { spawnSync } from 'node:child_process';
import { createServer } from 'node:net';
import { Kafka, logLevel, type ITopicConfig } from 'kafkajs';
import '../src/io/kafkaIdle.js';
import { startServer } from './measure.js';

/** A Kafka broker of our own on the loopback interface, for as long as a benchmark runs. */
export interface Broker {
  /** `host:port`. */
  readonly address: string;
  createTopics(...topics: ITopicConfig[]): Promise<void>;
  /** It forgets everything. */
  stop(): Promise<void>;
}

/** Rejects where there is no Java, and says so. */
export async function startBroker(): Promise<Broker> {
  const { status } = spawnSync('java', ['-version']);
  if (status !== 0) throw new Error('this benchmark needs a Kafka broker, and that needs Java 17 or newer (and Maven, the first time): java was not found');
  const [port, controllerPort] = [await freePort(), await freePort()];
  const args = ['deploy/kafka/local-broker.sh', '--port', `${port}`, '--controller_port', `${controllerPort}`];
  const { address, ...server } = await startServer('bash', args, /KAFKA_BROKERS=(\S+)/);
  return {
    address,
    stop: () => server.stop(),
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
