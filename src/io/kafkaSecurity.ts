import { readFileSync } from 'node:fs';
import type { ConnectionOptions } from 'node:tls';
import type { KafkaConfig, SASLOptions } from 'kafkajs';
import type { KafkaSasl, KafkaSecurity, KafkaTls } from '../config/kafkaSecurity.js';
import { fileError } from './fileError.js';
import { oauthTokens } from './oauthTokens.js';

/**
 * A cluster's security in kafkajs's words.
 *
 * Errors: a `FileError` for a PEM file that cannot be read now. Later such a file fails the connection
 * that wants it, which is tried again.
 */
export const kafkajsSecurity = ({ tls, sasl }: KafkaSecurity): Pick<KafkaConfig, 'ssl' | 'sasl'> => ({
  ...(tls && { ssl: pemFiles(tls) }),
  ...(sasl && { sasl: saslOptions(sasl) }),
});

/** kafkajs copies these for every connection, and thereby reads the files anew: what has been renewed is used. */
const pemFiles = ({ ca, certificate, key }: KafkaTls): ConnectionOptions => {
  const options = Object.defineProperties({}, {
    ...(ca !== undefined && { ca: pemFile('kafka_tls_ca', ca) }),
    ...(certificate !== undefined && { cert: pemFile('kafka_tls_certificate', certificate) }),
    ...(key !== undefined && { key: pemFile('kafka_tls_key', key) }),
  });
  Object.assign({}, options);
  return options;
};

const pemFile = (setting: string, path: string): PropertyDescriptor => ({
  enumerable: true,
  get: () => {
    try {
      return readFileSync(path, 'utf8');
    } catch (thrown) {
      throw fileError(`${setting}: cannot read ${path}`, thrown);
    }
  },
});

const saslOptions = (sasl: KafkaSasl): SASLOptions => {
  if (sasl.mechanism !== 'oauthbearer') return sasl;
  return { mechanism: 'oauthbearer', oauthBearerProvider: oauthTokens(sasl) };
};
