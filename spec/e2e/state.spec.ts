import { readFileSync, writeFileSync } from 'node:fs';
import { startEmulator, type Emulator } from '../../src/emulator/startEmulator.js';
import { ensureSubscription, ensureTopic } from '../../src/io/pubsubAdmin.js';
import { createPublisher } from '../../src/io/pubsubPublisher.js';
import type { Report } from '../../src/stateCommand/report.js';
import { eventually } from '../emulator/session.js';
import { asAdmin, BROKER_START, ownBroker, type OwnBroker } from '../support/kafkaBroker.js';
import { readByKcat } from '../support/kafkaRecords.js';
import { describeWith } from '../support/requires.js';
import { jsonLines, logOf, usingProgram, type Ended, type Running } from './program.js';

jest.setTimeout(120_000);

const PUBSUB_TOPIC = 'projects/p/topics/views';
const SUBSCRIPTION = 'projects/p/subscriptions/views-read';

/** Sessions stay open for longer than any test. */
const SETTINGS = ['input_subscription: projects/p/subscriptions/views-read', 'output_topic: results', 'window_size: 3600', 'early_trigger: 3600', 'commit_interval: 0.1', 'hold_for: 0'];

describeWith(['java', 'mvn', 'kcat'], 'the state of a job in Kafka', () => {
  const program = usingProgram();
  let kafka: OwnBroker;
  let emulator: Emulator;
  let job: string;
  /** The configuration of the run, which the state commands are given, too. */
  let config: string;

  beforeAll(async () => {
    kafka = await ownBroker();
    await kafka.createTopics({ topic: 'results' }, { topic: 'results.dead-letter' });
  }, BROKER_START);
  afterAll(() => kafka.stop());

  beforeEach(async () => {
    emulator = await startEmulator();
    await ensureTopic(PUBSUB_TOPIC, endpoint());
    await ensureSubscription(SUBSCRIPTION, PUBSUB_TOPIC, endpoint());
    job = `job-${Math.random().toString(36).slice(2)}`;
    config = program.file('pipeline.yaml');
    writeFileSync(config, [`job: ${job}`, `kafka_brokers: ["${kafka.brokers}"]`, ...SETTINGS, ''].join('\n'));
  });
  afterEach(() => emulator.close());

  const endpoint = () => ({ apiEndpoint: emulator.address });

  const run = async (): Promise<Running> => {
    const started = program.start(['--config', config], { env: { PUBSUB_EMULATOR_HOST: emulator.address } });
    await started.logged('source_opened');
    return started;
  };

  const start = Math.floor(Date.now() / 1_000) * 1_000;
  const view = (session: string, second: number, page: string): string =>
    JSON.stringify({ session_id: session, ga_event_dtm: new Date(start + 1_000 * second).toISOString(), page_title: page });

  /** Publishes, and waits until all of it is committed and acknowledged. */
  const published = async (...bodies: readonly string[]): Promise<void> => {
    const before = emulator.inspect(SUBSCRIPTION).acked;
    const publisher = createPublisher({ projectTopic: PUBSUB_TOPIC, ...endpoint() });
    await publisher.publish(bodies.map((data) => ({ data, attributes: {} })));
    await publisher.close();
    await eventually('all acks', () => (emulator.inspect(SUBSCRIPTION).acked === before + bodies.length ? true : undefined));
  };

  const parked = async (running: Running): Promise<void> => {
    running.child.kill('SIGTERM');
    expect(await running.ended).toMatchObject({ code: 0 });
  };

  /** A run that has left three sessions behind, and a dead letter. */
  const leftBehind = async (): Promise<void> => {
    const running = await run();
    await published(view('ann', 0, 'Home'), view('ann', 5, 'Shop'), view('bob', 2, 'Home'), view('cid', 3, 'Home'), 'not a view');
    await parked(running);
  };

  const state = (...command: readonly string[]): Promise<Ended> => program.start(['state', ...command, '--config', config]).ended;

  const reported = async (code = 0): Promise<Report> => {
    const ended = await state('inspect', '--json');
    expect(ended).toMatchObject({ code });
    const report: Report = JSON.parse(ended.stdout);
    return report;
  };

  const changelog = () => `${job}-changelog`;

  describe('after a run that has parked', () => {
    beforeEach(leftBehind);

    test('inspect tells all that is kept, to machines and to eyes, and changes nothing', async () => {
      const before = await readByKcat(kafka.brokers, changelog());
      const report = await reported();
      expect(report).toMatchObject({
        job,
        topic: changelog(),
        log: { records: before.length, first_offset: 0, last_offset: before.at(-1)?.offset },
        owners: [{ takeover: 1, pid: expect.any(Number) }],
        epoch: Number(before.at(-1)?.headers['epoch']),
        refusal: null,
        state: {
          parked: true,
          watermark: new Date(start + 5_000 - 10_000).toISOString().replace('.000Z', 'Z'),
          sessions: { open: 3, views: 4, live: 3, fired: 0, historic: 0, closed: 0 },
          early_results_due: 3,
          emitted: 0,
          message_ids: { remembered: 5, unconfirmed: 0 },
          account: { received: 5, duplicates: 0, dead_letters: { not_json: 1 }, held: 4, closed: 0, contradictions: 0 },
          settings: { window_size: 3_600, input: SUBSCRIPTION, output: 'results' },
        },
      });
      const { code, stdout } = await state('inspect');
      expect(code).toBe(0);
      for (const said of [job, changelog(), report.owners[0]!.instance, `epoch ${report.epoch}, parked`, '3 with 4 events: 3 live', '5 message ids (0 unconfirmed)', 'not_json 1', 'window_size 3600']) {
        expect(stdout).toContain(said);
      }
      expect(await readByKcat(kafka.brokers, changelog())).toEqual(before);
    });

    test('export writes the head and a line for each open session, to stdout or to a file', async () => {
      const { code, stdout } = await state('export');
      expect(code).toBe(0);
      const [head, ...sessions] = jsonLines<{ session_id?: string; kind: string }>(stdout);
      expect(head).toMatchObject({ kind: 'head', job, parked: true, sessions: { open: 3 }, account: { received: 5 } });
      const at = (second: number) => new Date(start + 1_000 * second).toISOString().replace('.000Z', 'Z');
      const bySession = (a: { session_id?: string }, b: { session_id?: string }) => (a.session_id! < b.session_id! ? -1 : 1);
      expect(sessions.sort(bySession)).toMatchObject([
        {
          kind: 'session', session_id: 'ann', window: { start: at(0), end: at(5 + 3_600) }, mode: 'live', events: 2, unseen: true, early_result_at: expect.any(String), results: [],
          visits: [{ at: at(0), title: 'Home', page: 'Home' }, { at: at(5), title: 'Shop', page: 'Shop' }],
        },
        { kind: 'session', session_id: 'bob', window: { start: at(2), end: at(2 + 3_600) }, visits: [{ title: 'Home' }] },
        { kind: 'session', session_id: 'cid', events: 1 },
      ]);

      const file = program.file('state.ndjson');
      expect(await state('export', '--output', file)).toMatchObject({ code: 0, stdout: '' });
      expect(readFileSync(file, 'utf8')).toBe(stdout);
    });

    test('explain tells what is known of a session, and what it waits for', async () => {
      const { code, stdout } = await program.start(['explain', '--session', 'ann', '--config', config]).ended;
      expect(code).toBe(0);
      expect(stdout).toMatch(/^time +0s +5s\nevents +Home +Shop\nsessions +open\[0s\.\.1h5s\)\nwatermark +-5s$/m);
      expect(stdout).toContain(`2 events, live; its next pane is 0\n  waits for the watermark to reach ${new Date(start + 3_605_000).toISOString().replace('.000Z', 'Z')}, 3610 s ahead\n  early results are due at `);
      const unknown = await program.start(['explain', '--session', 'zoe', '--config', config]).ended;
      expect(unknown).toMatchObject({ code: 1, stdout: '' });
      expect(logOf(unknown.stderr)).toContainEqual(expect.objectContaining({ event: 'failed', error: `session "zoe": the state of ${job} knows nothing of it: it never came, or was closed and is forgotten` }));
    });

    test('reset says what would be lost, and does nothing until it is told to', async () => {
      const before = await readByKcat(kafka.brokers, changelog());
      const { code, stdout, stderr } = await state('reset');
      expect(code).toBe(2);
      expect(stdout).toContain('3 with 4 events');
      expect(stdout).toContain('The open sessions are lost.');
      expect(logOf(stderr)).toContainEqual(expect.objectContaining({ event: 'failed', error: expect.stringContaining('--yes') }));
      expect(await readByKcat(kafka.brokers, changelog())).toEqual(before);
    });

    test('after a reset nothing is known any more, and the next run starts anew', async () => {
      expect(await state('reset', '--yes')).toMatchObject({ code: 0, stdout: expect.stringContaining(`topic ${changelog()} was deleted and created anew`) });
      expect(await reported()).toMatchObject({ epoch: 0, refusal: null, state: null, owners: [{ instance: expect.stringMatching(/^state-reset-/) }], log: { records: 1, first_offset: 0 } });
      expect((await state('inspect')).stdout).toContain('none yet: a run starts anew');
      expect(await state('export')).toMatchObject({ code: 0, stdout: '' });

      const running = await run();
      expect(logOf(running.stderr())).toContainEqual(expect.objectContaining({ event: 'state_restored', epoch: 0 }));
      await published(view('ann', 7, 'Basket'));
      await parked(running);
      expect((await reported()).state).toMatchObject({ sessions: { open: 1, views: 1 }, account: { received: 1 } });
    });
  });

  test('inspect disturbs no run; reset ends one, which says who has the job now', async () => {
    const running = await run();
    await published(view('ann', 0, 'Home'));
    expect(await reported()).toMatchObject({ state: { parked: false, sessions: { open: 1 } } });
    await published(view('ann', 1, 'Shop'));

    expect(await state('reset', '--yes')).toMatchObject({ code: 0 });
    const [reset] = (await reported()).owners;
    const publisher = createPublisher({ projectTopic: PUBSUB_TOPIC, ...endpoint() });
    await publisher.publish([{ data: view('ann', 2, 'Basket'), attributes: {} }]);
    await publisher.close();
    const ended = await running.ended;
    expect(ended.code).toBe(4);
    expect(logOf(ended.stderr)).toContainEqual(expect.objectContaining({ event: 'failed', error: expect.stringContaining(reset!.instance) }));

    // Nothing of it has come into the new topic, so the next run restores.
    expect(await reported()).toMatchObject({ epoch: 0, refusal: null, state: null });
    await parked(await run());
  });

  describe('that no run can restore', () => {
    beforeEach(async () => {
      await leftBehind();
      const records = await readByKcat(kafka.brokers, changelog());
      await asAdmin(kafka.brokers, async (admin) => {
        await admin.fetchTopicOffsets(changelog());
        await admin.deleteTopicRecords({ topic: changelog(), partitions: [{ partition: 0, offset: String(records.at(-1)!.offset) }] });
      });
    });

    test('is refused by inspect and export, with the advice that a run gives', async () => {
      const report = await reported(1);
      expect(report).toMatchObject({ epoch: expect.any(Number), state: null, refusal: { fault: 'truncated', offset: null, advice: expect.stringContaining('pages-viewed state reset') } });
      expect(report.log.first_offset).toBeGreaterThan(0);
      const { code, stdout, stderr } = await state('inspect');
      expect(code).toBe(1);
      expect(stdout).toContain('cannot be restored (truncated)');
      const file = program.file('state.ndjson');
      writeFileSync(file, 'what was there before');
      expect(await state('export', '--output', file)).toMatchObject({ code: 1, stdout: '' });
      expect(readFileSync(file, 'utf8')).toBe('what was there before');

      const refused = await program.start(['--config', config], { env: { PUBSUB_EMULATOR_HOST: emulator.address } }).ended;
      expect(refused.code).toBe(1);
      const errorOf = (text: string) => logOf(text).find(({ event }) => event === 'failed')?.['error'];
      expect(errorOf(refused.stderr)).toContain(report.refusal!.advice);
      expect(errorOf(stderr)).toBe(errorOf(refused.stderr));
    });

    test('is given up by reset, and the next run starts anew', async () => {
      expect(await state('reset')).toMatchObject({ code: 2, stdout: expect.stringContaining('cannot be restored (truncated)') });
      expect(await state('reset', '--yes')).toMatchObject({ code: 0 });
      const running = await run();
      await published(view('ann', 0, 'Home'));
      await parked(running);
      expect(await reported()).toMatchObject({ refusal: null, state: { sessions: { open: 1 } } });
    });
  });

  test('of another product is shown as it has it, goes on in the next run, and no other product goes on with it', async () => {
    writeFileSync(config, readFileSync(config, 'utf8').replace('window_size: 3600', 'window_size: 60\nproduct: checkout'));
    const step = (session: string, second: number, name: string): string => JSON.stringify({ ...JSON.parse(view(session, second, 'Shop')), event_name: name });
    const first = await run();
    await published(step('ann', -200, 'begin_checkout'), step('ann', -190, 'add_shipping_info'), step('bob', -195, 'begin_checkout'), step('bob', -190, 'page_view'));
    await parked(first);
    expect((await reported()).state).toMatchObject({ sessions: { open: 2, views: 3 }, settings: { product: 'checkout' }, account: { dead_letters: { excluded: 1 } } });
    const at = (second: number) => new Date(start + 1_000 * second).toISOString().replace('.000Z', 'Z');
    const exported = jsonLines<{ session_id?: string }>((await state('export')).stdout);
    expect(exported.find((it) => it.session_id === 'ann')).toMatchObject({ steps_taken: [{ at: at(-200), step: 'begin_checkout' }, { at: at(-190), step: 'add_shipping_info' }] });

    const second = await run();
    await published(step('ann', -185.5, 'purchase'), step('cid', 0, 'begin_checkout'));
    await parked(second);
    const results = (await readByKcat(kafka.brokers, 'results')).filter(({ key }) => key === 'ann' || key === 'bob');
    expect(results.map(({ value }): unknown => JSON.parse(value))).toMatchObject([
      { session_id: 'bob', status: 'abandoned', furthest_step: 'begin_checkout', window_start: at(-195), window_end: at(-135) },
      {
        session_id: 'ann', status: 'completed', furthest_step: 'purchase', element_timestamp: at(-185.5),
        steps: [{ step: 'begin_checkout', time_spent_seconds: 10 }, { step: 'add_shipping_info', time_spent_seconds: 4.5 }, { step: 'purchase', time_spent_seconds: null }],
      },
    ]);
    expect(JSON.parse(results[1]!.headers['pane']!)).toEqual({ timing: 'ON_TIME', index: 0, final: true, revision: 0, entry: start - 200_000 });

    const other = ['--config', config, '--product', 'products_viewed', '--accept_state_change'];
    const refused = await program.start(other, { env: { PUBSUB_EMULATOR_HOST: emulator.address } }).ended;
    expect(refused.code).toBe(1);
    expect(logOf(refused.stderr)).toContainEqual(expect.objectContaining({ event: 'failed', error: expect.stringContaining('product was checkout and is products_viewed') }));
    expect(refused.stderr).not.toContain('--accept_state_change');
  });

  test.each(['inspect', 'export', 'reset', 'reset --yes'])('%s of a job that there is not says so, and makes nothing', async (command) => {
    const { code, stderr } = await state(...command.split(' '));
    expect(code).toBe(1);
    const error = `there is no topic ${changelog()} on ${kafka.brokers}: no run of the job ${job} has kept its state there`;
    expect(logOf(stderr).filter(({ level }) => level === 'error')).toMatchObject([{ event: 'failed', error }]);
    await asAdmin(kafka.brokers, async (admin) => expect(await admin.listTopics()).not.toContain(changelog()));
  });
});
