import { readFileSync } from 'node:fs';
import { runInNewContext } from 'node:vm';
import initSqlJs from 'sql.js';
import ts from 'typescript';
import { readTold } from '../../src/compare/readTold.js';
import { standing } from '../../src/compare/standing.js';
import { entered, type Entered } from '../../src/compare/told.js';
import { random } from '../../src/traffic/random.js';
import { jsonLines, usingProgram, type ResultLine } from '../e2e/program.js';
import { marked } from './pages.js';

jest.setTimeout(60_000);

interface ResultRecord {
  readonly value: string;
  readonly headers: { readonly pane: string };
  readonly offset: number;
}

interface Pane {
  readonly entry: number;
  readonly revision: number;
  readonly rule: string;
  readonly historic?: boolean;
}

/** A result, and what its time on the page is in the end. */
type Row = readonly [session: string, page: string, entry: number, seconds: number];

const byText = (a: Row, b: Row): number => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1);

const program = usingProgram();

/**
 * What the pipeline writes for the sample, corrections among it, and then once more as after a replay: everything historic, and
 * by a smaller gap; in the end in any order.
 */
const written = async (): Promise<readonly ResultRecord[]> => {
  const run = async (...flags: readonly string[]): Promise<ResultLine[]> => {
    const path = program.file('results.ndjson');
    expect(await program.start(['--input', 'samples/page_views.ndjson', '--clock', 'recorded', '--output', path, '--with_headers', ...flags]).ended).toMatchObject({ code: 0 });
    return jsonLines<ResultLine>(readFileSync(path, 'utf8'));
  };
  const inTime = await run('--early_last_page', '--allowed_lateness', '60');
  const again = (await run('--window_size', '40')).map((line) => ({ ...line, headers: { pane: JSON.stringify({ ...paneOf(line), historic: true }) } }));
  const records = [...inTime, ...again].map(({ headers, ...body }, offset) => ({ value: JSON.stringify(body), headers: { pane: headers?.pane ?? '' }, offset }));
  const chance = random(5);
  return records.map((record) => ({ record, by: chance.fraction() })).sort((a, b) => a.by - b.by).map(({ record }) => record);
};

const paneOf = ({ headers }: { readonly headers?: { readonly pane: string } }): Pane => {
  const pane: Pane = JSON.parse(headers?.pane ?? '');
  return pane;
};

/** By the rule as `compare` has it. */
const expected = (records: readonly ResultRecord[]): readonly Row[] => {
  const sessions = new Map<string, Entered[]>();
  for (const { value, headers, offset } of records) {
    const told = readTold(value, offset, headers.pane);
    if (told._tag === 'Left') throw new Error(value);
    sessions.set(told.right.session, [...(sessions.get(told.right.session) ?? []), entered(told.right, 'exit')]);
  }
  return [...sessions.values()].flatMap(standing).map(({ session, page, entry, spent }): Row => [session, page, entry, spent / 1_000]).sort(byText);
};

test('the code and the query find the records that stand, in what the pipeline writes', async () => {
  const records = await written();
  const rows = expected(records);
  // Or there would be nothing to choose from.
  expect(records.length).toBeGreaterThan(rows.length + 100);
  expect(records.filter((it) => paneOf(it).revision > 0).length).toBeGreaterThan(20);

  expect(byCode(records)).toEqual(rows);
  expect(await byQuery(records)).toEqual(rows);
});

const byCode = (all: readonly ResultRecord[]): readonly Row[] => {
  const { outputText } = ts.transpileModule(marked('docs/consuming.md', 'the record that stands, in TypeScript').code, { compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 } });
  const exported: { take?: (standing: Map<string, ResultRecord>, record: ResultRecord) => void } = {};
  runInNewContext(outputText, { exports: exported });
  const found = new Map<string, ResultRecord>();
  for (const record of all) exported.take?.(found, record);
  return [...found.values()].map((record): Row => {
    const { session_id, page, time_spent_seconds }: ResultLine = JSON.parse(record.value);
    return [session_id, page, paneOf(record).entry, time_spent_seconds];
  }).sort(byText);
};

const byQuery = async (all: readonly ResultRecord[]): Promise<readonly Row[]> => {
  const { Database } = await initSqlJs();
  const database = new Database();
  database.run(marked('docs/consuming.md', 'a table of results, in SQL').code);
  for (const record of all) {
    const { session_id, page, time_spent_seconds }: ResultLine = JSON.parse(record.value);
    const { entry, historic = false, revision, rule } = paneOf(record);
    database.run('INSERT INTO results VALUES (?, ?, ?, ?, ?, ?, ?, ?)', [session_id, page, entry, Number(historic), revision, record.offset, time_spent_seconds, rule]);
  }
  const [table] = database.exec(marked('docs/consuming.md', 'the record that stands, in SQL').code);
  database.close();
  expect(table?.columns).toEqual(['session_id', 'page', 'entry', 'time_spent_seconds', 'rule']);
  return (table?.values ?? []).map(([session, page, entry, seconds]): Row => [String(session), String(page), Number(entry), Number(seconds)]).sort(byText);
};
