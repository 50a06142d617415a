import { choice, optional, text, toggle } from './kind.js';
import { file, httpUrl } from './names.js';
import { setting } from './setting.js';

/** How Kafka is spoken to: encryption, and who we are. */
export const kafkaSecuritySettings = {
  kafka_tls: setting(toggle, { group: 'Output', default: false, description: 'Encrypts the connections to Kafka.' }),
  kafka_tls_ca: setting(optional(file), {
    group: 'Output',
    description: 'PEM file of the authorities to trust with the brokers, instead of the well-known ones; read anew for every connection.',
  }),
  kafka_tls_certificate: setting(optional(file), {
    group: 'Output',
    description: 'PEM file of our own certificate, where brokers ask for one; read anew for every connection, so that it may be renewed.',
  }),
  kafka_tls_key: setting(optional(file), { group: 'Output', description: 'PEM file of its private key, without a passphrase.' }),
  kafka_username: setting(optional(text('name')), { group: 'Output', description: 'Who to be for Kafka (SASL). With oauthbearer: the client id.' }),
  kafka_password: setting(optional(text('secret')), {
    group: 'Output',
    secret: true,
    description: 'Its password (with oauthbearer: the client secret); better as PAGES_VIEWED_KAFKA_PASSWORD, for the list of processes shows flags to everybody.',
  }),
  kafka_sasl_mechanism: setting({ ...choice(['plain', 'scram-sha-256', 'scram-sha-512', 'oauthbearer']), placeholder: 'mechanism' }, {
    group: 'Output',
    default: 'plain',
    description: 'How the password is proved: plain, scram-sha-256, scram-sha-512, or oauthbearer, which changes it into a token at --kafka_token_url.',
  }),
  kafka_token_url: setting(optional(httpUrl), { group: 'Output', description: 'With oauthbearer: where tokens are given for client id and secret (OAuth 2, client credentials).' }),
  kafka_token_scope: setting(optional(text('scope')), { group: 'Output', description: 'With oauthbearer: the scope to ask for, where the server wants one.' }),
};
