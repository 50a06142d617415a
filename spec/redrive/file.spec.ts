import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { NEVER, lastValueFrom } from 'rxjs';
import { redriveCommand } from '../../src/redrive/redriveCommand.js';
import { tallyFields, type Tally } from '../../src/redrive/tally.js';
import { run } from '../../src/run.js';
import { command, runConfig } from '../config/commandLine.js';
import { jsonLines } from '../e2e/program.js';

interface Envelope {
  readonly message_id?: string;
  readonly publish_time?: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly data?: string;
}

let folder: string;
let from: string;
let output: string;

/** The dead letters of a run. */
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'pages-viewed-redrive-'));
  const input = join(folder, 'in.ndjson');
  const line = (id: string, data: unknown) => JSON.stringify({ message_id: id, publish_time: `2025-01-30T15:30:0${id}Z`, attributes: { source: 'ga4' }, data });
  writeFileSync(input, [line('1', 'no json'), line('2', { session_id: 'ann' }), line('3', { session_id: 'ann', page_title: 'Home', ga_event_dtm: '2025-01-30T15:30:00Z', event_name: 'scroll' }), ''].join('\n'));
  const results = join(folder, 'results.ndjson');
  await ran(input, results);
  from = `${results}.dead-letter.ndjson`;
  output = join(folder, 'again.ndjson');
});

afterEach(() => rmSync(folder, { recursive: true }));

const around = { log: () => undefined, stop$: NEVER };

const ran = (input: string, output: string): Promise<unknown> => lastValueFrom(run(runConfig(['--input', input, '--output', output]), around));

const redriven = (...args: readonly string[]): Promise<Tally> => {
  const parsed = command(['redrive', '--from', from, '--output', output, ...args]);
  if (parsed._tag !== 'Redrive') throw new Error('it does not redrive');
  return lastValueFrom(redriveCommand(parsed.config, around));
};

const written = (): readonly Envelope[] => (existsSync(output) ? jsonLines<Envelope>(readFileSync(output, 'utf8')) : []);

const countsOf = (tally: Tally): unknown => tallyFields(tally)['byReason'];

test('each is written once, as a run takes it, and counts its redrives', async () => {
  expect(countsOf(await redriven('--reason', 'invalid'))).toEqual({ invalid: { redriven: 1 } });
  expect(countsOf(await redriven())).toEqual({ not_json: { redriven: 1 }, invalid: { redriven_before: 1 }, excluded: { redriven: 1 } });
  expect(countsOf(await redriven())).toEqual({ not_json: { redriven_before: 1 }, invalid: { redriven_before: 1 }, excluded: { redriven_before: 1 } });
  expect(written().map(({ message_id: id, publish_time: time, attributes }) => [id, time, attributes])).toEqual([
    ['2', '2025-01-30T15:30:02Z', { source: 'ga4', redrive_count: '1' }],
    ['1', '2025-01-30T15:30:01Z', { source: 'ga4', redrive_count: '1' }],
    ['3', '2025-01-30T15:30:03Z', { source: 'ga4', redrive_count: '1' }],
  ]);

  const results = join(folder, 'results2.ndjson');
  await ran(output, results);
  const again = jsonLines<{ readonly reason: string; readonly attributes: Readonly<Record<string, string>> }>(readFileSync(`${results}.dead-letter.ndjson`, 'utf8'));
  expect(again.map(({ reason, attributes }) => [reason, attributes['redrive_count']])).toEqual([['invalid', '1'], ['not_json', '1'], ['excluded', '1']]);
});

test('--since looks at when its message was published', async () => {
  await redriven('--since', '2025-01-30T15:30:02Z');
  expect(written().map(({ message_id: id }) => id)).toEqual(['2', '3']);
});

test('what a killed redrive has half written is cut off, and written again', async () => {
  await redriven('--reason', 'invalid');
  appendFileSync(output, '{"message_id":"1","publ');
  appendFileSync(`${from}.redriven`, '{"to":"x","redriven":["1@');
  await redriven('--reason', 'not_json');
  expect(written().map(({ message_id: id }) => id)).toEqual(['2', '1']);
  expect(countsOf(await redriven('--reason', 'not_json,invalid'))).toEqual({ not_json: { redriven_before: 1 }, invalid: { redriven_before: 1 } });
});

test('a file that was written anew has dead letters of its own', async () => {
  await redriven();
  writeFileSync(from, readFileSync(from, 'utf8').replaceAll('ann', 'bob'));
  expect(countsOf(await redriven())).toEqual({ not_json: { redriven_before: 1 }, invalid: { redriven: 1 }, excluded: { redriven: 1 } });
});

test('a dry run writes nothing at all', async () => {
  expect(await redriven('--dry_run')).toMatchObject({ read: 3, redriven: 3 });
  expect([output, `${from}.redriven`].filter((it) => existsSync(it))).toEqual([]);
});

describe('what is wrong', () => {
  test('no such file', async () => {
    from = 'nowhere.ndjson';
    await expect(redriven('--dry_run')).rejects.toThrow('cannot read nowhere.ndjson: there is no such file; a topic needs --kafka_brokers');
  });

  test('a file of something else', async () => {
    from = 'samples/page_views.ndjson';
    await expect(redriven('--dry_run')).rejects.toThrow('samples/page_views.ndjson is no file of dead letters: line 1 is none, for it has no reason');
  });

  test('the file of the dead letters itself, by whatever name', async () => {
    symlinkSync(from, output);
    await expect(redriven()).rejects.toThrow(`cannot write ${output}: it is the file of the dead letters`);
  });

  test('what stands in the file beside it is no memory of ours', async () => {
    writeFileSync(`${from}.redriven`, 'notes\n');
    await expect(redriven()).rejects.toThrow(`${from}.redriven holds in line 1 what no redrive has written`);
    truncateSync(`${from}.redriven`);
    expect(await redriven()).toMatchObject({ redriven: 3 });
  });
});
