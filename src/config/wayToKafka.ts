import { kafkaSecuritySettings as security } from './kafkaSecuritySettings.js';
import { ofRun } from './ofRun.js';

/** How a command speaks to Kafka: as a run does. Which brokers these are, each says in its own words. */
export const wayToKafka = {
  kafka_tls: ofRun(security.kafka_tls, 'Kafka'),
  kafka_tls_ca: ofRun(security.kafka_tls_ca, 'Kafka'),
  kafka_tls_certificate: ofRun(security.kafka_tls_certificate, 'Kafka'),
  kafka_tls_key: ofRun(security.kafka_tls_key, 'Kafka'),
  kafka_username: ofRun(security.kafka_username, 'Kafka'),
  kafka_password: ofRun(security.kafka_password, 'Kafka'),
  kafka_sasl_mechanism: ofRun(security.kafka_sasl_mechanism, 'Kafka'),
  kafka_token_url: ofRun(security.kafka_token_url, 'Kafka'),
  kafka_token_scope: ofRun(security.kafka_token_scope, 'Kafka'),
};
