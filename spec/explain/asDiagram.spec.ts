import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { MarbleMismatch, printScore, run, type AssertEqual, type Diagram } from '../../marbles/index.js';
import { explained, explainedFile, type Said } from './recording.js';

jest.setTimeout(60_000);

const equal: AssertEqual = (actual, expected) => expect(actual).toStrictEqual(expected);

let project: string;

/** The folders of the project, so that a file of marbles/ can lie there without being one. */
beforeAll(() => {
  mkdirSync('.cache', { recursive: true });
  project = mkdtempSync(resolve('.cache', 'explained-'));
  mkdirSync(join(project, 'marbles'));
  for (const folder of ['src', 'operators']) symlinkSync(resolve(folder), join(project, folder));
  for (const name of readdirSync('marbles')) symlinkSync(resolve('marbles', name), join(project, 'marbles', name));
});
afterAll(() => rmSync(project, { recursive: true }));

let files = 0;

/** Writes it where it belongs and takes the diagram that it exports. */
const kept = (text: string): Diagram => {
  const path = join(project, 'marbles', `pipeline.question${(files += 1)}.marbles.ts`);
  writeFileSync(path, text);
  return jest.requireActual<{ readonly explained: Diagram }>(path).explained;
};

const STORY: readonly Said[] = [
  { came: 0 }, { session: 'bob', came: 5 }, { page: 'Shop front', came: 20, id: '7' }, { page: 'Shop front', came: 21, at: 20, id: '7' }, { session: 'bob', came: 90 },
  { page: 'Late one', at: 30, came: 91 }, { came: 95, fields: { event_name: 'scroll' } }, { came: 96, page: null }, { came: 200, session: 'cid' },
];

test('what it writes plays as drawn, and no more once a number in it is another', async () => {
  const text = await explained(STORY, 'ann', '--as_diagram');
  const diagram = kept(text);
  run(diagram, equal);
  expect(printScore(diagram.score)).toBe(diagram.text);
  expect(diagram.lanes.find(({ name }) => name === 'results')?.happenings.map(({ text: word }) => word)).toEqual(expect.arrayContaining(['Home=20s#0/early', 'Shop-front=60s#0/gap']));
  expect(diagram.lanes.find(({ name }) => name === 'dead_letters')?.happenings.map(({ text: word }) => word)).toEqual(['late:Late-one', 'excluded:Home', 'invalid:null']);

  const changed = text.replace('Home=20s#0', 'Home=21s#0');
  expect(changed).not.toBe(text);
  expect(() => run(kept(changed), equal)).toThrow(MarbleMismatch);
});

test('it has the settings of the run, also those that only a file can say', async () => {
  const flags = ['--window_size', '30', '--early_trigger', '0', '--filter', 'no shop: exclude page_title matches ^Shop', '--customer_id_filter', 'A 1'];
  const said = [{ came: 0 }, { came: 10, page: 'Shop' }, { came: 20 }, { came: 25, page: 'Cart' }].map((it) => ({ ...it, fields: { account_number: it.came === 25 ? 'B' : 'A 1' } }));
  const text = await explained(said, 'ann', ...flags, '--as_diagram');
  for (const setting of ['"window_size":30', '"early_trigger":0', '"customer_id_filter":"A 1"', '"matches":"^Shop"']) expect(text).toContain(setting);
  const diagram = kept(text);
  run(diagram, equal);
  expect(diagram.lanes.map(({ name, happenings }) => [name, happenings.map((it) => it.text)])).toEqual([
    ['dead_letters', ['excluded:Shop', 'excluded:Cart']], ['results', ['Home=20s#0', 'Home=30s#0/gap']],
  ]);
});

/** Some of everything: historic and late ones, merged, duplicates, a bot from the future. */
const OF_THE_SAMPLE = ['9497472810.1738251030', '5315854815.1738233096', '5647399023.1738251013', '4826920560.1738251000', '5875496538.1738251048'];

test.each(OF_THE_SAMPLE)('of the sample: session %s', async (session) => {
  const text = await explainedFile('samples/page_views.ndjson', session, '--as_diagram');
  run(kept(text), equal);
});

test('of a recording that is too long for a picture it says so', async () => {
  const said = Array.from({ length: 1_001 }, (_, i) => ({ came: i, page: `p${i}` }));
  await expect(explained(said, 'ann', '--as_diagram')).rejects.toThrow('no diagram of at most 1000 events tells the same of this session as the recording');
});
