import { readFileSync, writeFileSync } from 'node:fs';
import { Kafka, logLevel } from 'kafkajs';
import type { ComparisonReport } from '../../src/compare/report.js';
import { BROKER_START, someBrokers, type Brokers } from '../support/kafkaBroker.js';
import { describeWith } from '../support/requires.js';
import { jsonLines, logOf, usingProgram, type Ended, type ResultLine } from './program.js';

jest.setTimeout(120_000);

const SAMPLE = 'samples/page_views.ndjson';

const program = usingProgram();

const compare = (...args: readonly string[]): Promise<Ended> => program.start(['compare', ...args]).ended;

const reported = (ended: Ended): ComparisonReport => {
  const report: ComparisonReport = JSON.parse(ended.stdout);
  return report;
};

/** Results of the sample, with their headers. */
const results = async (name: string, ...flags: readonly string[]): Promise<string> => {
  const path = program.file(name);
  expect(await program.start(['--input', SAMPLE, '--clock', 'recorded', '--output', path, '--with_headers', ...flags]).ended).toMatchObject({ code: 0 });
  return path;
};

/** The same results as the Beam job writes them: no headers, and `timestamp` is when the page was entered. */
const asBeamWrites = (path: string): string[] =>
  jsonLines<ResultLine>(readFileSync(path, 'utf8')).map(({ headers, ...body }) => {
    const { entry }: { entry: number } = JSON.parse(headers?.pane ?? '');
    return JSON.stringify({ ...body, timestamp: new Date(entry).toISOString() });
  });

describe('two files', () => {
  test('are the same: exit code 0', async () => {
    const path = await results('a.ndjson');
    const { code, stdout, stderr } = await compare('--left', path, '--right', path);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^the same: \d+ results\n/);
  });

  test('differ: exit code 1, and what is accepted does not count', async () => {
    const [left, right] = [program.file('beam.ndjson'), await results('omit.ndjson', '--last_page', 'omit')];
    writeFileSync(left, `${asBeamWrites(await results('gap.ndjson')).join('\n')}\n`);
    const different = await compare('--left', left, '--right', right, '--format', 'json');
    const report = reported(different);
    expect(different.code).toBe(1);
    expect(report).toMatchObject({
      same: false, left: { timestamp: 'entry', with_pane: 0 }, right: { timestamp: 'exit' },
      differences: [{ kind: 'last_page', left_seconds: { least: 60, most: 60 }, right_seconds: null, count: report.left.last_pages, of: report.left.last_pages }],
    });
    expect(report.same_results + report.left.last_pages).toBe(report.left.results);
    expect(await compare('--left', left, '--right', right, '--accept', 'last_page')).toMatchObject({ code: 0, stdout: expect.stringContaining('the same but for what is accepted') });
  });

  test('are compared within a span of time', async () => {
    const path = await results('a.ndjson');
    const [since, until] = ['2025-01-30T15:31:00Z', '2025-01-30T15:32:00Z'];
    const { left } = reported(await compare('--left', path, '--right', path, '--since', since, '--until', until, '--format', 'json'));
    expect(left.results).toBeGreaterThan(10);
    expect(left.results).toBeLessThan(left.records / 2);
    expect(Date.parse(left.first_entry!)).toBeGreaterThanOrEqual(Date.parse(since));
    expect(Date.parse(left.last_entry!)).toBeLessThan(Date.parse(until));
  });

  test('what cannot be read is told with its place', async () => {
    const path = await results('a.ndjson');
    const broken = program.file('broken.ndjson');
    writeFileSync(broken, `${readFileSync(path, 'utf8')}{"session_id":"s"}\n`);
    const { code, stdout } = await compare('--left', path, '--right', broken);
    expect(code).toBe(1);
    expect(stdout).toContain('unreadable: right has records that are no results\n  1 record\n  - line 199: $.page: expected string, got nothing');
  });

  test('the report goes to a file, as HTML', async () => {
    const path = await results('a.ndjson');
    const page = program.file('report.html');
    expect(await compare('--left', path, '--right', path, '--format', 'html', '--report', page)).toMatchObject({ code: 0, stdout: '' });
    expect(readFileSync(page, 'utf8')).toMatch(/^<!doctype html>[\s\S]*the same: \d+ results[\s\S]*<\/html>\n$/);
  });
});

describe('there is no report', () => {
  test('of a file that is not there: exit code 3', async () => {
    const { code, stdout, stderr } = await compare('--left', './none', '--right', SAMPLE);
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
    expect(logOf(stderr)).toMatchObject([{ event: 'failed', error: 'cannot read ./none: there is no such file or directory (ENOENT)' }]);
  });

  test('of a wrong configuration: exit code 2', async () => {
    expect(await compare('--left', 'topic', '--right', SAMPLE)).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('needs kafka_brokers') });
  });
});

describeWith(['java', 'mvn'], 'two topics', () => {
  let kafka: Brokers;

  beforeAll(async () => {
    kafka = await someBrokers();
    await kafka.createTopics({ topic: 'beam', numPartitions: 2 }, { topic: 'ours', numPartitions: 3 });
  }, BROKER_START);
  afterAll(() => kafka.stop());

  test('are read to where they end, committed records only, with their headers', async () => {
    const lines = jsonLines<ResultLine>(readFileSync(await results('a.ndjson'), 'utf8'));
    const client = new Kafka({ brokers: kafka.brokers.split(','), logLevel: logLevel.NOTHING });
    const plain = client.producer();
    await plain.connect();
    await plain.send({ topic: 'beam', messages: asBeamWrites(program.file('a.ndjson')).map((value) => ({ value })) });
    await plain.disconnect();

    const transactional = client.producer({ transactionalId: 'ours', idempotent: true, maxInFlightRequests: 1 });
    await transactional.connect();
    const send = async (change: Partial<ResultLine>, outcome: 'commit' | 'abort'): Promise<void> => {
      const transaction = await transactional.transaction();
      await transaction.send({
        topic: 'ours',
        messages: lines.map(({ headers, ...body }) => ({ key: body.session_id, value: JSON.stringify({ ...body, ...change }), headers: { pane: headers?.pane ?? '' } })),
      });
      await transaction[outcome]();
    };
    await send({ time_spent_seconds: 7 }, 'abort');
    await send({}, 'commit');
    await send({ page: 'Elsewhere' }, 'abort');
    await transactional.disconnect();

    const ended = await compare('--left', 'beam', '--right', 'ours', '--kafka_brokers', kafka.brokers, '--format', 'json');
    expect(reported(ended)).toMatchObject({
      same: true, differences: [],
      left: { from: 'topic beam', records: lines.length, with_pane: 0 }, right: { from: 'topic ours', records: lines.length, with_pane: lines.length },
    });
    expect(ended.code).toBe(0);
  });

  test('that is not there: exit code 3', async () => {
    const { code, stderr } = await compare('--left', SAMPLE, '--right', 'nowhere', '--kafka_brokers', kafka.brokers);
    expect(code).toBe(3);
    expect(logOf(stderr).filter(({ level }) => level === 'error')).toMatchObject([{ event: 'failed', error: `there is no topic nowhere on ${kafka.brokers}` }]);
  });
});
