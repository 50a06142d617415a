import { readFileSync } from 'node:fs';
import { startEmulator, type Emulator } from '../../src/emulator/startEmulator.js';
import type { Status } from '../../src/status/status.js';
import { eventOf } from '../pipeline/play.js';
import { Session } from '../emulator/session.js';
import { metricsPage } from './metricsPage.js';
import { Served, samplesOf } from './served.js';

jest.setTimeout(60_000);

const RULES = 'deploy/prometheus/pages-viewed.rules.yml';
const DASHBOARD = 'deploy/grafana/pages-viewed.json';
const METRICS_PAGE = 'docs/metrics.md';

/** Metrics that expressions name. */
const namedIn = (text: string): readonly string[] => [...new Set([...text.matchAll(/\b(?:pages_viewed|process|nodejs)_\w+/g)].map(([name]) => name))];

/** Those that only a state in Kafka has. */
const ONLY_WITH_KAFKA = ['pages_viewed_checkpoint_state_bytes', 'pages_viewed_checkpoint_written_bytes_total'];

describe('a run from Pub/Sub', () => {
  const former = process.env['PUBSUB_EMULATOR_HOST'];
  let emulator: Emulator;
  let client: Session;
  let run: Served;
  let scrape: string;

  beforeAll(async () => {
    emulator = await startEmulator();
    client = new Session(emulator.address);
    const { topic, subscription } = await client.channel();
    process.env['PUBSUB_EMULATOR_HOST'] = emulator.address;
    run = new Served(['--input_subscription', subscription, '--port', '0', '--output', '/dev/null', '--commit_interval', '0.05']);
    await Promise.all(['ada', 'bob', 'eve'].map((session) => topic.publishMessage({ json: { ...eventOf({ session, at: 0 }), ga_event_dtm: new Date().toISOString() } })));
    await run.statusWith(({ edges, commits, source }) => edges[0]?.count === 3 && commits.uncommitted === 0 && source.held === 0);
    scrape = await run.text('/metrics');
  });

  afterAll(async () => {
    if (former === undefined) delete process.env['PUBSUB_EMULATOR_HOST'];
    else process.env['PUBSUB_EMULATOR_HOST'] = former;
    await run.stop();
    await client.close();
  });

  test.each([RULES, DASHBOARD])('has every metric that %s names', (path) => {
    const there = new Set([...samplesOf(scrape).keys()].map((sample) => sample.replace(/\{.*/, '')));
    const named = namedIn(readFileSync(path, 'utf8'));
    expect(named.length).toBeGreaterThan(10);
    expect(named.filter((name) => !there.has(name))).toEqual(named.filter((name) => ONLY_WITH_KAFKA.includes(name)));
  });

  test('has every label value that they name', () => {
    const there = new Set([...samplesOf(scrape).keys()].flatMap((sample) => [...sample.matchAll(/(\w+)="([^"]*)"/g)].map(([, label, value]) => `${label}=${value}`)));
    const named = [RULES, DASHBOARD].flatMap((path) =>
      [...readFileSync(path, 'utf8').matchAll(/\b(reason|stage|phase|timing|why|known_by)(?:=~|!=|=)\\?"([\w|]+)\\?"/g)].flatMap(([, label = '', values = '']) => values.split('|').map((value) => `${label}=${value}`)),
    );
    expect(named.length).toBeGreaterThan(5);
    expect(named.filter((it) => !there.has(it))).toEqual([]);
  });

  test('has only labels of few, fixed values', () => {
    const labels = new Set([...samplesOf(scrape).keys()].filter((it) => it.startsWith('pages_viewed_')).flatMap((sample) => [...sample.matchAll(/(\w+)="/g)].map(([, label]) => label)));
    expect([...labels].sort()).toEqual(['known_by', 'le', 'phase', 'reason', 'stage', 'timing', 'version', 'why']);
  });

  test('names units, ends counts in _total, and explains everything', () => {
    const types = [...scrape.matchAll(/^# TYPE (pages_viewed_\w+) (\w+)$/gm)];
    expect(types.filter(([, name = '', type]) => (type === 'counter') !== name.endsWith('_total'))).toEqual([]);
    expect(types.filter(([, name]) => !new RegExp(`^# HELP ${name} \\S.*\\.$`, 'm').test(scrape))).toEqual([]);
    expect(types.filter(([, name = '']) => /_(ms|millis|milliseconds|minutes|kb|mb)\b/.test(name))).toEqual([]);
  });

  test('tells of the source what the source knows', () => {
    const samples = samplesOf(scrape);
    expect(samples.get('pages_viewed_pubsub_delivered_total')).toBe(3);
    expect(samples.get('pages_viewed_pubsub_acked_total')).toBe(3);
    expect(samples.get('pages_viewed_pubsub_held_messages')).toBe(0);
    expect(samples.get('pages_viewed_published_to_committed_seconds_count')).toBeGreaterThan(0);
  });

  test(`${METRICS_PAGE} lists the metrics as they are; WRITE_DOCS=1 (npm run docs) writes it`, () => {
    expect(metricsPage(METRICS_PAGE, scrape)).toBe(readFileSync(METRICS_PAGE, 'utf8'));
  });

  test('comes with events, one after the other', async () => {
    const { body } = await run.fetch('/events');
    const reader = body!.pipeThrough(new TextDecoderStream()).getReader();
    let text = '';
    while (text.split('\n\n').length < 3) text += (await reader.read()).value ?? '';
    await reader.cancel();
    const [one, two] = text.split('\n\n').slice(0, 2).map((event) => {
      const status: Status = JSON.parse(event.replace(/^data: /, ''));
      return status;
    });
    expect(one).toMatchObject({ job: expect.stringContaining('pages-viewed-p-subscription'), source: { kind: 'pubsub' } });
    expect(two!.now).toBeGreaterThan(one!.now);
  });

  test('is alive and started, but not ready, when Pub/Sub is gone', async () => {
    expect([(await run.fetch('/livez')).status, (await run.fetch('/startupz')).status, (await run.fetch('/readyz')).status]).toEqual([200, 200, 200]);
    await emulator.close();
    await run.statusWith(({ problems }) => problems.some(({ id }) => id === 'source-lost'));
    expect([(await run.fetch('/livez')).status, (await run.fetch('/startupz')).status]).toEqual([200, 200]);
    const ready = await run.fetch('/readyz');
    expect([ready.status, await ready.text()]).toEqual([503, expect.stringMatching(/^The source is lost: .*\n$/)]);
    expect(samplesOf(await run.text('/metrics')).get('pages_viewed_ready')).toBe(0);
  });
});
