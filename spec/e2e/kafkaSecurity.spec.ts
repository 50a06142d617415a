import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmulator } from '../../src/emulator/startEmulator.js';
import { kafkaPort } from '../../src/io/kafkaPort.js';
import { ensureSubscription, ensureTopic } from '../../src/io/pubsubAdmin.js';
import { createPublisher } from '../../src/io/pubsubPublisher.js';
import { pause } from '../io/pubsubHarness.js';
import { authorityIn, type Authority, type Certified } from '../support/certificates.js';
import { BROKER_START, brokerWithDoors, type BrokerWithDoors } from '../support/kafkaBroker.js';
import { readByKcat } from '../support/kafkaRecords.js';
import { describeWith } from '../support/requires.js';
import { tokenServer, type TokenServer } from '../support/tokenServer.js';
import { finishedOf, logOf, usingProgram } from './program.js';
import { publications } from './published.js';

jest.setTimeout(60_000);

const PUBSUB_TOPIC = 'projects/p/topics/views';
const SUBSCRIPTION = 'projects/p/subscriptions/views-read';
const SAMPLE = 'samples/page_views.ndjson';
const PASSWORD = 'a "secret" of all=sorts';
const CLIENT = { id: 'pages viewed', secret: 'se:cret/ä', scope: 'kafka:write' };

const loginModule = (name: string, options = ''): string => `org.apache.kafka.common.security.${name} required${options};`;
const quoted = (text: string): string => `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
/** As a line of Java's properties. */
const line = (key: string, value: string): string => `${key}=${value.replaceAll('\\', '\\\\')}`;

const settings = ({ ca }: Authority, { both }: Certified, { keysUrl }: TokenServer): readonly string[] => {
  const sasl = (mechanism: string, setting: string, value: string): string => line(`listener.name.sasl.${mechanism}.${setting}`, value);
  return [
    'ssl.keystore.type=PEM', line('ssl.keystore.location', both), 'ssl.truststore.type=PEM', line('ssl.truststore.location', ca),
    'listener.name.mutual.ssl.client.auth=required',
    'listener.name.sasl.sasl.enabled.mechanisms=PLAIN,SCRAM-SHA-256,SCRAM-SHA-512,OAUTHBEARER',
    sasl('plain', 'sasl.jaas.config', loginModule('plain.PlainLoginModule', ` user_alice=${quoted('plain')}`)),
    sasl('scram-sha-256', 'sasl.jaas.config', loginModule('scram.ScramLoginModule')),
    sasl('scram-sha-512', 'sasl.jaas.config', loginModule('scram.ScramLoginModule')),
    sasl('oauthbearer', 'sasl.jaas.config', loginModule('oauthbearer.OAuthBearerLoginModule')),
    sasl('oauthbearer', 'sasl.server.callback.handler.class', 'org.apache.kafka.common.security.oauthbearer.OAuthBearerValidatorCallbackHandler'),
    sasl('oauthbearer', 'sasl.oauthbearer.jwks.endpoint.url', keysUrl),
    // So that a connection must show a new token in time, as clusters of companies have it.
    sasl('oauthbearer', 'connections.max.reauth.ms', '60000'),
  ];
};

/** Only an administrator's own tool can do this; kafkajs cannot. */
const setScramPasswords = (brokers: string, user: string, passwords: Readonly<Record<string, string>>): void => {
  const jars = execFileSync('deploy/kafka/kafka-jars.sh', { encoding: 'utf8' }).trim();
  for (const [mechanism, password] of Object.entries(passwords)) {
    const config = ['--alter', '--add-config', `${mechanism}=[iterations=4096,password=${password}]`, '--entity-type', 'users', '--entity-name', user];
    execFileSync('java', ['-cp', `${jars}/*`, 'kafka.admin.ConfigCommand', '--bootstrap-server', brokers, ...config], { stdio: 'pipe' });
  }
};

describeWith(['java', 'mvn', 'kcat', 'openssl'], 'Kafka that asks who we are', () => {
  const program = usingProgram();
  let folder: string;
  let authority: Authority;
  let us: Certified;
  let tokens: TokenServer;
  let kafka: BrokerWithDoors<'sasl' | 'mutual'>;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'pages-viewed-certificates-'));
    authority = authorityIn(folder);
    us = authority.certify('pages-viewed', []);
    tokens = await tokenServer(CLIENT);
    process.env['KAFKA_OPTS'] = `-Dorg.apache.kafka.sasl.oauthbearer.allowed.urls=${tokens.keysUrl}`;
    kafka = await brokerWithDoors({ sasl: 'SASL_SSL', mutual: 'SSL' }, settings(authority, authority.certify('broker', ['IP:127.0.0.1']), tokens));
    delete process.env['KAFKA_OPTS'];
    setScramPasswords(kafka.brokers, 'alice', { 'SCRAM-SHA-256': 'scram 256', 'SCRAM-SHA-512': PASSWORD });
  }, BROKER_START);
  afterAll(async () => {
    await kafka.stop();
    await tokens.close();
    rmSync(folder, { recursive: true });
  });

  const tls = (): string[] => ['--kafka_tls', '--kafka_tls_ca', authority.ca];
  const user = (mechanism: string, name: string): string[] => [...tls(), '--kafka_sasl_mechanism', mechanism, '--kafka_username', name];
  const bearer = (): string[] => [...user('oauthbearer', CLIENT.id), '--kafka_token_url', tokens.tokenUrl, '--kafka_token_scope', CLIENT.scope];
  const topics = async (): Promise<string> => {
    const topic = `spec-${Math.random().toString(36).slice(2)}`;
    await kafka.createTopics({ topic }, { topic: `${topic}.dead-letter` });
    return topic;
  };

  interface Way {
    readonly name: string;
    readonly door: 'sasl' | 'mutual';
    readonly flags: () => string[];
    readonly password?: string | undefined;
  }
  const certificate = (): string[] => [...tls(), '--kafka_tls_certificate', us.certificate, '--kafka_tls_key', us.key];
  const scram: Way = { name: 'SCRAM-SHA-512', door: 'sasl', flags: () => user('scram-sha-512', 'alice'), password: PASSWORD };
  const ways: readonly Way[] = [
    { name: 'PLAIN', door: 'sasl', flags: () => user('plain', 'alice'), password: 'plain' },
    { name: 'SCRAM-SHA-256', door: 'sasl', flags: () => user('scram-sha-256', 'alice'), password: 'scram 256' },
    scram,
    { name: 'OAUTHBEARER', door: 'sasl', flags: bearer, password: CLIENT.secret },
    { name: 'a certificate of our own', door: 'mutual', flags: certificate },
  ];

  const environment = ({ password }: Way): Record<string, string> => (password === undefined ? {} : { PAGES_VIEWED_KAFKA_PASSWORD: password });

  test.each(ways)('takes results from who is known by $name', async (way) => {
    const topic = await topics();
    const run = program.start(['--input', SAMPLE, '--kafka_brokers', kafka.addresses[way.door], ...way.flags(), '--output_topic', topic], { env: environment(way) });
    const ended = await run.ended;
    expect(ended).toMatchObject({ code: 0 });
    const records = await readByKcat(kafka.brokers, topic);
    expect(records).toHaveLength(finishedOf(ended).results);
    expect(records.length).toBeGreaterThan(0);
  });

  test('keeps the state of who is known by a token, takes a new one before the old one ends, and shows the state', async () => {
    const emulator = await startEmulator();
    const endpoint = { apiEndpoint: emulator.address };
    await ensureTopic(PUBSUB_TOPIC, endpoint);
    await ensureSubscription(SUBSCRIPTION, PUBSUB_TOPIC, endpoint);
    const publisher = createPublisher({ projectTopic: PUBSUB_TOPIC, ...endpoint });
    tokens.liveFor(6);
    const topic = await topics();
    const cluster = ['--kafka_brokers', kafka.addresses.sasl, ...bearer(), '--job', topic];
    const env = { PAGES_VIEWED_KAFKA_PASSWORD: CLIENT.secret, PUBSUB_EMULATOR_HOST: emulator.address };
    const run = program.start(['--input_subscription', SUBSCRIPTION, ...cluster, '--output_topic', topic], { env });
    await run.logged('source_opened');
    const before = tokens.given();
    while (tokens.given() < before + 4 && run.child.exitCode === null) await publisher.publish(publications(1)).then(() => pause(200));
    run.child.kill('SIGTERM');
    const ended = await run.ended;
    expect(ended.code).toBe(0);
    expect(logOf(ended.stderr).filter(({ event }) => event === 'commit_failed')).toEqual([]);
    expect(await program.start(['state', 'inspect', ...cluster], { env }).ended).toMatchObject({ code: 0 });
    await publisher.close();
    await emulator.close();
  });

  test.each<Way & { readonly says: RegExp }>([
    { ...scram, name: 'a wrong password', password: 'wrong', says: /SCRAM SHA512 authentication failed/ },
    { name: 'a client id with a wrong secret', door: 'sasl', flags: bearer, password: 'wrong', says: /kafka_token_url: .*\/token gives client pages viewed no token: invalid_client/ },
    { name: 'a broker for which nobody vouches who is trusted', door: 'mutual', flags: () => ['--kafka_tls'], says: /name its authority with kafka_tls_ca/ },
    { name: 'a client that has to show a certificate and has none', door: 'mutual', flags: tls, says: /kafka_tls_certificate and kafka_tls_key/ },
    { name: 'a file that is not there', door: 'mutual', flags: () => ['--kafka_tls', '--kafka_tls_ca', '/not/there.pem'], says: /kafka_tls_ca: cannot read \/not\/there\.pem: there is no such file/ },
  ])('says what is wrong with $name, and ends', async ({ says, ...way }) => {
    const run = program.start(['--input', SAMPLE, '--kafka_brokers', kafka.addresses[way.door], ...way.flags(), '--output_topic', await topics()], { env: environment(way) });
    const { code, stderr } = await run.ended;
    const failed = logOf(stderr).find(({ event }) => event === 'failed');
    expect({ code, failed }).toEqual({ code: 1, failed: expect.objectContaining({ error: expect.stringMatching(says) }) });
  });

  test('says so where the port does not speak TLS', async () => {
    const { code, stderr } = await program.start(['--input', SAMPLE, '--kafka_brokers', kafka.brokers, ...tls(), '--output_topic', 't']).ended;
    expect(code).toBe(1);
    expect(stderr).toContain('may not speak TLS at this port');
  });

  test('is shown a renewed certificate at the next connection', async () => {
    const [ca, certificate, key] = [join(folder, 'renewed-ca.pem'), join(folder, 'renewed.pem'), join(folder, 'renewed.key.pem')];
    for (const path of [ca, certificate, key]) writeFileSync(path, '');
    const port = kafkaPort({ brokers: [kafka.addresses.mutual], security: { tls: { ca, certificate, key }, sasl: undefined }, log: () => undefined });
    await expect(port.producer()).rejects.toThrow();
    copyFileSync(authority.ca, ca);
    copyFileSync(us.certificate, certificate);
    copyFileSync(us.key, key);
    await (await port.producer()).close();
  });
});
