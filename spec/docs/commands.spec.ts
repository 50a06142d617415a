import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseCommandLine } from '../../src/config/parseCommandLine.js';
import { jsonLines, SEVEN_FIELDS, type Finished, type LogLine, type ResultLine } from '../e2e/program.js';
import { readByKcat } from '../support/kafkaRecords.js';
import { describeWith } from '../support/requires.js';
import { clone, freePorts, type Clone, type Entered } from './clone.js';
import { blocksOf, marked, PAGES, type Block } from './pages.js';

jest.setTimeout(300_000);

/** The JSON among what was written: npm has its say there, too. */
const jsonAmong = <A>(text: string): A[] => jsonLines(text.split('\n').filter((line) => line.startsWith('{')).concat('').join('\n'));

const accountOf = (stderr: string): Finished | undefined => jsonAmong<Finished>(stderr).find(({ event }) => event === 'finished');

const refusedOf = (account: Finished | undefined): number => Object.values(account?.deadLetters ?? {}).reduce((sum, count) => sum + count, 0);

let home: Clone;

beforeAll(() => {
  home = clone();
});
afterAll(() => home.remove());

test('Start: results come, and Ctrl-C ends it in order', async () => {
  const block = only('Start', 'run until "time_spent_seconds"');
  const start = home.enter(block.code);
  await start.wrote(quoted(block));
  await start.interrupt();
  expect(accountOf(start.stderr())).toMatchObject({ held: 0 });
  for (const result of jsonAmong<ResultLine>(start.stdout())) expect(Object.keys(result)).toEqual(SEVEN_FIELDS);
});

test('A file: the results, the first of them and the account are those that are shown', async () => {
  const { code, stderr } = await home.run(only('A file', 'run').code);
  expect(code).toBe(0);
  const results = readFileSync(join(home.folder, 'results.ndjson'), 'utf8');
  expect(results.slice(0, results.indexOf('\n') + 1)).toBe(marked('README.md', 'the first line of results.ndjson').code);
  const account = accountOf(stderr);
  expect(account).toEqual({ time: account?.['time'], level: 'info', event: 'finished', ...JSON.parse(marked('README.md', 'the account of results.ndjson').code) });
  expect(jsonLines(readFileSync(join(home.folder, 'results.ndjson.dead-letter.ndjson'), 'utf8'))).toHaveLength(refusedOf(account));
});

test('Other products: the checkout that is shown is among the results', async () => {
  expect(await home.run(only('Other products', 'run').code)).toMatchObject({ code: 0 });
  expect(readFileSync(join(home.folder, 'checkouts.ndjson'), 'utf8')).toContain(marked('README.md', 'a line of checkouts.ndjson').code);
});

test('Why: the session is explained as shown', async () => {
  const { code, stdout } = await home.run(only('Why', 'run').code);
  expect(code).toBe(0);
  expect(stdout).toContain(marked('README.md', 'what is explained').code);
});

describeWith(['java', 'mvn', 'kcat'], 'For real, on one machine', () => {
  test('each step does what is said, and the topic holds all results', async () => {
    const brokers = `127.0.0.1:${await freePorts(1)}`;
    const addresses = { KAFKA_BROKERS: brokers, PUBSUB_EMULATOR_HOST: `127.0.0.1:${await freePorts()}` };
    const blocks = blocksOf('README.md').filter(({ section, mark }) => section === 'For real, on one machine' && mark !== undefined);
    const everywhere = blocks.filter(({ mark }) => mark === 'run in every terminal').map((block) => block.code).join('');
    const open: Entered[] = [];

    for (const block of blocks) {
      const lines = `${everywhere}${block.code}`;
      if (block.mark === 'run') expect(await home.run(lines, addresses)).toMatchObject({ code: 0 });
      else if (block.mark?.startsWith('run until') === true) {
        const entered = home.enter(lines, addresses);
        open.unshift(entered);
        await entered.wrote(quoted(block));
      } else if (block.mark?.startsWith('run again until') === true) await again(lines, addresses, quoted(block));
    }

    // The last terminal is that of the pipeline.
    const [pipeline, ...servers] = open;
    await pipeline?.interrupt();
    const account = accountOf(pipeline?.stderr() ?? '');
    expect(jsonAmong<LogLine>(pipeline?.stderr() ?? '').filter(({ level }) => level === 'error')).toEqual([]);
    expect(account?.held).toBeGreaterThan(0);
    const records = await readByKcat(brokers, 'pages-viewed');
    expect(records).toHaveLength(account?.results ?? NaN);
    for (const { key, value, headers } of records) {
      const result: ResultLine = JSON.parse(value);
      expect({ key, fields: Object.keys(result), header: headers['session_id'] }).toEqual({ key: result.session_id, fields: SEVEN_FIELDS, header: key });
    }
    expect(await readByKcat(brokers, 'pages-viewed.dead-letter')).toHaveLength(refusedOf(account));
    for (const server of servers) await server.interrupt();
  });
});

test('In place of the Beam job: the two runs are the same but for the last pages', async () => {
  expect(await home.run('npm run --silent build')).toMatchObject({ code: 0 });
  expect(await home.run(only('In place of the Beam job', 'run').code)).toMatchObject({ code: 0 });
  expect(readFileSync(join(home.folder, 'compared.html'), 'utf8')).toContain('the same but for what is accepted');
});

test('configurations that need what is not here are possible ones', async () => {
  expect(await home.run('npm run --silent build')).toMatchObject({ code: 0, stdout: '' });
  const blocks = PAGES.flatMap((page) => blocksOf(page).map((block) => ({ page, ...block }))).filter(({ mark }) => mark === 'check the configuration');
  expect(blocks.length).toBeGreaterThan(2);
  for (const { code: lines, page, section } of blocks) {
    const { code, stderr } = await home.run(lines, { CHECK_CONFIGURATION: '1' });
    expect({ page, section, code, stderr }).toEqual({ page, section, code: 0, stderr: '' });
  }
});

test('commands that need what is not here are possible ones', () => {
  const blocks = PAGES.flatMap((page) => blocksOf(page)).filter(({ mark }) => mark === 'check the command');
  expect(blocks.length).toBeGreaterThan(0);
  for (const { code } of blocks) {
    const [npx, program, ...args] = code.replaceAll('\\\n', ' ').trim().split(/\s+/);
    expect([npx, program]).toEqual(['npx', 'pages-viewed']);
    expect(parseCommandLine(args, {}, () => '')).toMatchObject({ _tag: 'Right' });
  }
});

/** Consumers come a moment later than producers. */
const again = async (lines: string, addresses: Readonly<Record<string, string>>, text: string): Promise<void> => {
  let out = '';
  for (const deadline = performance.now() + 60_000; performance.now() < deadline && !out.includes(text); ) out = (await home.run(lines, addresses)).stdout;
  expect(out).toContain(text);
};

const only = (section: string, mark: string): Block => {
  const [block, ...more] = blocksOf('README.md').filter((it) => it.section === section && it.mark === mark);
  if (block === undefined || more.length > 0) throw new Error(`under ${section} there is not one block marked ${mark}`);
  return block;
};

const quoted = ({ mark = '' }: Block): string => /"(.+)"/.exec(mark)?.[1] ?? '';
