import kafkajs, { type Admin, type ConfigResourceTypes } from 'kafkajs';
import type { Millis } from '../../operators/index.js';
import { errorType, KafkaError } from './kafkaError.js';
import type { Log } from './kafkaLog.js';

/** Not among the names that Node finds in this CommonJS module. */
const { BROKER } = kafkajs.ConfigResourceTypes;

/** A setting that brokers have since 3.6; it is also why that version is asked for: it keeps transactions from hanging. */
const SINCE_3_6 = 'transaction.partition.verification.enable';

const MAX_TRANSACTION_TIMEOUT = 'transaction.max.timeout.ms';

/** Questions to a cluster about what the pipeline needs there. `where` names the brokers in errors. */
export interface Cluster {
  readonly admin: Admin;
  readonly where: string;
  readonly log: Log;
}

/** Refuses brokers older than 3.6. Where their settings may not be read, says so and goes on. */
export async function checkBrokerVersion(cluster: Cluster): Promise<void> {
  const { where, log } = cluster;
  const perBroker = await brokerSetting(cluster, SINCE_3_6);
  if (perBroker === undefined) {
    log('info', 'kafka_version_unknown', { brokers: where, reason: 'no permission to read the settings of the brokers' });
    return;
  }
  for (const [broker, setting] of perBroker) {
    if (setting === undefined) throw new KafkaError(`broker ${broker} of ${where} is older than Kafka 3.6`, { fatal: true });
  }
}

/**
 * Refuses a transaction timeout (ms) above the brokers' limit. Where their settings may not be read
 * it goes on: the first transaction will be refused then, if with less to say.
 */
export async function checkTransactionTimeout(cluster: Cluster, timeout: Millis): Promise<void> {
  const perBroker = await brokerSetting(cluster, MAX_TRANSACTION_TIMEOUT);
  for (const [broker, limit] of perBroker ?? []) {
    if (timeout > Number(limit)) {
      throw new KafkaError(
        `the transaction timeout of ${timeout} ms is longer than broker ${broker} of ${cluster.where} allows (${MAX_TRANSACTION_TIMEOUT}=${limit})`,
        { fatal: true },
      );
    }
  }
}

/** A setting of each broker, undefined where a broker does not know it; undefined as a whole if settings may not be read. */
async function brokerSetting({ admin }: Cluster, setting: string): Promise<readonly (readonly [broker: number, value: string | undefined])[] | undefined> {
  const { brokers } = await admin.describeCluster();
  const values: (readonly [number, string | undefined])[] = [];
  for (const { nodeId } of brokers) {
    const known = await settings(admin, BROKER, String(nodeId), [setting]);
    if (known === undefined) return undefined;
    values.push([nodeId, known.get(setting)]);
  }
  return values;
}

/** Settings of a broker or a topic by their names (absent if there is no such setting); undefined if they may not be read. */
export async function settings(
  admin: Admin,
  type: ConfigResourceTypes.BROKER | ConfigResourceTypes.TOPIC,
  name: string,
  names: string[],
): Promise<ReadonlyMap<string, string> | undefined> {
  try {
    const { resources } = await admin.describeConfigs({ includeSynonyms: false, resources: [{ type, name, configNames: names }] });
    const entries = resources.flatMap(({ configEntries }) => configEntries);
    return new Map(entries.map(({ configName, configValue }) => [configName, configValue]));
  } catch (thrown) {
    if (errorType(thrown)?.endsWith('AUTHORIZATION_FAILED')) return undefined;
    throw thrown;
  }
}
