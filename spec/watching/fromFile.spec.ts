import { readFileSync } from 'node:fs';
import { eventOf } from '../pipeline/play.js';
import { Pipe } from './pipe.js';
import { Served, samplesOf } from './served.js';

jest.setTimeout(30_000);

/** What must not be seen, each to be found by itself. */
const SECRETS = {
  session: 'session-8349277121', page: 'Divorce Lawyers', account: 'ACC-900144', customer: 'customer-4711', attribute: 'campaign-oncology', body: 'not-a-body', messageId: 'message-77001', wrong: 'wrong-value-31',
};
const shownIn = (text: string): readonly string[] => Object.values(SECRETS).filter((secret) => text.includes(secret));

const at = new Date().toISOString();
const view = (fields: Readonly<Record<string, unknown>> = {}): Record<string, unknown> => ({
  message_id: undefined, publish_time: at, attributes: { campaign: SECRETS.attribute },
  data: { ...eventOf({ session: SECRETS.session, page: SECRETS.page, at: 0 }), account_number: SECRETS.account, customer_id: SECRETS.customer, ga_event_dtm: at, ...fields },
});

describe('a run from a file that stays open, with values that are easy to find', () => {
  let pipe: Pipe;
  let run: Served;
  const told: Record<string, string> = {};

  const started = (...flags: readonly string[]): Served =>
    new Served(['--input', pipe.path, '--output', pipe.file('out.ndjson'), '--port', '0', '--commit_interval', '0.05', '--customer_id_filter', SECRETS.customer, '--filter', `mine: exclude page_title equals ${SECRETS.wrong}`, ...flags]);
  const fed = async (): Promise<void> => {
    await pipe.write(
      { ...view(), message_id: SECRETS.messageId },
      { ...view(), message_id: SECRETS.messageId }, // a redelivery
      view(), // the same view under another id
      view({ ga_event_dtm: new Date(Date.now() + 1_000).toISOString(), page_title: `${SECRETS.page} II` }),
      view({ ga_event_dtm: SECRETS.wrong }),
      view({ page_title: SECRETS.wrong }),
      view({ customer_id: SECRETS.account }),
      view({ ga_event_dtm: new Date(Date.now() + 3_600_000).toISOString() }),
      `{"session_id":"${SECRETS.session}", ${SECRETS.body}`,
    );
    await run.statusWith(({ edges, commits }) => edges[0]?.count === 9 && commits.uncommitted === 0);
  };

  beforeEach(() => (pipe = new Pipe()));
  afterEach(async () => {
    await pipe.end();
    await run.end();
    pipe.remove();
  });

  describe('and nobody allowed to see them', () => {
    beforeEach(async () => {
      run = started('--early_trigger', '0.1');
      await fed();
      await run.statusWith(({ results }) => results.count > 0);
      for (const path of ['/metrics', '/status', `/session?id=${SECRETS.session}`, '/readyz', '/nowhere']) told[path] = await run.text(path);
    });

    test('neither log, metrics, status nor a look at the session shows one', async () => {
      await pipe.end();
      await run.end();
      expect(run.outcome).toBe('complete');
      const log = JSON.stringify(run.log);
      expect(Object.fromEntries(Object.entries({ ...told, log }).map(([from, text]) => [from, shownIn(text)]))).toEqual({
        '/metrics': [], '/status': [], [`/session?id=${SECRETS.session}`]: [], '/readyz': [], '/nowhere': [], log: [],
      });
      expect(shownIn(readFileSync(pipe.file('out.ndjson'), 'utf8'))).toEqual([SECRETS.session, SECRETS.page]); // they were there
    });

    test('but what became of every event is told', async () => {
      const status = await run.status();
      expect(status).toMatchObject({ valuesShown: false, source: { kind: 'file', isOpen: true }, phase: 'running', sessions: { open: 1, views: 2 }, results: { count: 1, panes: { EARLY: 1 } } });
      expect(Object.fromEntries(status.deadLetters.map(({ reason, count }) => [reason, count]))).toEqual({ not_json: 1, invalid: 1, excluded: 2, future: 1 });
      expect(status.deadLetters.find(({ reason }) => reason === 'invalid')?.samples).toMatchObject([{ stage: 'validate', session: '•••', errors: [{ path: '$.ga_event_dtm', got: '•••' }] }]);
      expect(status.deadLetters.find(({ reason }) => reason === 'excluded')?.samples.map(({ errors }) => errors[0]?.expected)).toEqual(['customer_id_filter: •••', 'mine: •••']);
      expect(status.settings.find(({ name }) => name === 'customer_id_filter')).toMatchObject({ value: '•••' });
      expect(status.settings.find(({ name }) => name === 'window_size')).toMatchObject({ value: 60, notes: ['seconds', 'default'] });
      expect(await run.session(SECRETS.session)).toMatchObject({ sessions: [{ mode: 'live', panes: 1, views: [{ page: '•••' }, { page: '•••' }] }], emitted: [{ page: '•••', seconds: expect.any(Number), revision: 0 }] });
      expect(await run.session('another')).toBeNull();
    });

    test('and so it is in the metrics', () => {
      const samples = samplesOf(told['/metrics'] ?? '');
      expect(Object.fromEntries([...samples].filter(([name]) => /^pages_viewed_(messages|duplicates|dead_letters|stage|open|source_open|ready|unaccounted|panes|results)/.test(name) && samples.get(name) !== 0))).toEqual({
        pages_viewed_messages_received_total: 9,
        'pages_viewed_duplicates_total{known_by="message_id"}': 1,
        'pages_viewed_duplicates_total{known_by="session"}': 1,
        'pages_viewed_dead_letters_total{reason="not_json"}': 1,
        'pages_viewed_dead_letters_total{reason="invalid"}': 1,
        'pages_viewed_dead_letters_total{reason="excluded"}': 2,
        'pages_viewed_dead_letters_total{reason="future"}': 1,
        'pages_viewed_stage_events_total{stage="validate"}': 8,
        'pages_viewed_stage_events_total{stage="filter"}': 6,
        'pages_viewed_stage_events_total{stage="enrich"}': 4,
        'pages_viewed_stage_events_total{stage="assignWatermarks"}': 4,
        'pages_viewed_stage_events_total{stage="sessionWindow"}': 3,
        'pages_viewed_panes_total{timing="early"}': 1,
        pages_viewed_open_sessions: 1,
        pages_viewed_open_session_events: 2,
        pages_viewed_results_total: 1,
        pages_viewed_source_open: 1,
        pages_viewed_ready: 1,
      });
    });
  });

  test('with --show_values the page shows them, log and metrics do not', async () => {
    run = started('--show_values');
    await fed();
    expect(shownIn(await run.text('/status'))).toEqual(expect.arrayContaining([SECRETS.session, SECRETS.body, SECRETS.wrong, SECRETS.customer]));
    expect((await run.session(SECRETS.session))?.sessions[0]?.views.map(({ page }) => page)).toEqual([SECRETS.page, `${SECRETS.page} II`]);
    expect(shownIn(await run.text('/metrics'))).toEqual([]);
    expect(shownIn(JSON.stringify(run.log))).toEqual([]);
  });

  test('/session without an id says what is missing', async () => {
    run = started();
    await pipe.write(view());
    const response = await run.fetch('/session');
    expect([response.status, await response.json()]).toEqual([400, { error: 'id is missing: /session?id=…' }]);
  });
});
