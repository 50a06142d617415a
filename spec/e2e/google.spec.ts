import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmulator, type Emulator } from '../../src/emulator/startEmulator.js';
import { ensureSubscription, ensureTopic } from '../../src/io/pubsubAdmin.js';
import { eventually } from '../emulator/session.js';
import { authorityIn, type Authority } from '../support/certificates.js';
import { connectProxy, type ConnectProxy } from '../support/connectProxy.js';
import { googleFront, type GoogleFront } from '../support/googleFront.js';
import { describeWith } from '../support/requires.js';
import { logOf, usingProgram } from './program.js';

jest.setTimeout(60_000);

const TOPIC = 'projects/p/topics/views';
const SUBSCRIPTION = 'projects/p/subscriptions/views-read';

describeWith('openssl', 'Pub/Sub as Google has it: TLS, credentials, and a proxy on the way', () => {
  const program = usingProgram();
  let folder: string;
  let authority: Authority;
  let emulator: Emulator;
  let google: GoogleFront;
  let proxy: ConnectProxy;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'pages-viewed-google-'));
    authority = authorityIn(folder);
    emulator = await startEmulator();
    google = await googleFront(emulator.address, authority.certify('google', ['DNS:*.googleapis.com', 'DNS:localhost']));
    const endpoint = { apiEndpoint: emulator.address };
    await ensureTopic(TOPIC, endpoint);
    await ensureSubscription(SUBSCRIPTION, TOPIC, endpoint);
  });
  afterAll(async () => {
    await google.close();
    await emulator.close();
    rmSync(folder, { recursive: true });
  });
  beforeEach(async () => {
    proxy = await connectProxy(google.port);
  });
  afterEach(() => proxy.close());

  const credentials = (content: object): Record<string, string> => {
    const path = join(folder, 'credentials.json');
    writeFileSync(path, JSON.stringify(content));
    // gRPC looks at a variable of its own first, where a machine sets it.
    return { GOOGLE_APPLICATION_CREDENTIALS: path, NODE_EXTRA_CA_CERTS: authority.ca, GRPC_DEFAULT_SSL_ROOTS_FILE_PATH: authority.ca };
  };

  /** Publishes by one process, reads by another; resolves when the reader has acknowledged all that there was. */
  const throughTheProgram = async (env: Record<string, string>, ...flags: readonly string[]): Promise<void> => {
    const before = emulator.inspect(SUBSCRIPTION).acked;
    const published = await program.start(['publish', '--topic', TOPIC, '--rate', '200', '--duration', '0.5', ...flags], { env }).ended;
    expect(published).toMatchObject({ code: 0 });
    const run = program.start(['--input_subscription', SUBSCRIPTION, '--output', program.file('results.ndjson'), ...flags], { env });
    await eventually('all to be acknowledged', () => {
      const { acked, undelivered, outstanding } = emulator.inspect(SUBSCRIPTION);
      return acked > before && undelivered === 0 && outstanding === 0 ? true : undefined;
    }, 30_000);
    run.child.kill('SIGTERM');
    const { code, stderr } = await run.ended;
    expect({ code, bad: logOf(stderr).filter(({ event }) => ['source_interrupted', 'failed'].includes(event)) }).toEqual({ code: 0, bad: [] });
  };

  test('a service account, through the proxy of HTTPS_PROXY', async () => {
    const before = { ...google.calls };
    await throughTheProgram({ ...credentials(google.serviceAccount), HTTPS_PROXY: proxy.url });
    expect(google.calls).toMatchObject({ refused: before.refused, user: before.user });
    expect(google.calls.serviceAccount).toBeGreaterThan(before.serviceAccount);
    expect(proxy.passed().length).toBeGreaterThan(1); // the publisher and the reader
    expect(new Set(proxy.passed())).toEqual(new Set(['pubsub.googleapis.com:443']));
  });

  test('credentials of a user: their token, too, is fetched through the proxy; the variable in small letters', async () => {
    const before = google.calls.user;
    await throughTheProgram({ ...credentials(google.user), https_proxy: proxy.url });
    expect(google.calls.user).toBeGreaterThan(before);
    expect(new Set(proxy.passed())).toEqual(new Set(['oauth2.googleapis.com:443', 'pubsub.googleapis.com:443']));
  });

  test('the endpoint of a region', async () => {
    await throughTheProgram({ ...credentials(google.serviceAccount), HTTPS_PROXY: proxy.url }, '--pubsub_endpoint', 'europe-west2-pubsub.googleapis.com');
    expect(new Set(proxy.passed())).toEqual(new Set(['europe-west2-pubsub.googleapis.com:443']));
  });

  test('an endpoint of this machine, past the proxy', async () => {
    await throughTheProgram({ ...credentials(google.serviceAccount), HTTPS_PROXY: proxy.url }, '--pubsub_endpoint', `localhost:${google.port}`);
    expect(proxy.passed()).toEqual([]);
  });

  test('NO_PROXY keeps a host from the proxy', async () => {
    // A name that leads nowhere: what matters is that nobody asks the proxy for it.
    const env = { ...credentials(google.serviceAccount), HTTPS_PROXY: proxy.url, NO_PROXY: 'example.com, .private.invalid' };
    const run = program.start(['--input_subscription', SUBSCRIPTION, '--output', program.file('r'), '--pubsub_endpoint', 'pubsub.private.invalid'], { env });
    expect(await run.logged('source_interrupted')).toMatchObject({ cause: expect.stringContaining('UNAVAILABLE') });
    expect(proxy.passed()).toEqual([]);
  });

  test('an emulator is never looked for through the proxy', async () => {
    await throughTheProgram({ PUBSUB_EMULATOR_HOST: emulator.address, HTTPS_PROXY: proxy.url });
    expect(proxy.passed()).toEqual([]);
  });

  test('credentials that Google refuses end it, with what to do', async () => {
    // Those of another account, whose key nobody knows here.
    const other = await googleFront(emulator.address, authority.certify('other', ['DNS:localhost']));
    const env = credentials(other.serviceAccount);
    await other.close();
    const { code, stderr } = await program.start(['--input_subscription', SUBSCRIPTION, '--output', program.file('r'), '--pubsub_endpoint', `localhost:${google.port}`], { env }).ended;
    expect(code).toBe(1);
    expect(logOf(stderr).find(({ event }) => event === 'failed')?.['error']).toMatch(/the credentials were refused: check GOOGLE_APPLICATION_CREDENTIALS/);
  });
});
