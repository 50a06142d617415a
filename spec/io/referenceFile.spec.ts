import { renameSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { interval, tap, type Subscription } from 'rxjs';
import { referenceFile } from '../../src/io/referenceFile.js';
import { segmentOf, standardPage } from '../../src/model/referenceData.js';
import { folderPerTest, until } from './ndjsonHarness.js';

const file = folderPerTest();
const warn = (): void => undefined;

const YAML = `
accounts:
  007: gold      # a comment
  "1e5": silver
pages:
  Home   page: home
`;

const errorOf = (path: string): string => {
  try {
    referenceFile(path, { warn });
  } catch (thrown) {
    expect(thrown).toMatchObject({ fatal: true });
    return String(thrown);
  }
  return 'none';
};

describe('at the start', () => {
  test.each(['data.yaml', 'data.yml', 'data.YAML'])('%s is read as YAML, in which everything is text', (name) => {
    const data = referenceFile(file(name, YAML), { warn }).current();
    expect(segmentOf(data, '007')).toBe('gold');
    expect(segmentOf(data, '7')).toBeUndefined();
    expect(segmentOf(data, '1e5')).toBe('silver');
    expect(standardPage(data, 'Home page')).toBe('home');
  });

  test('data.json is read as JSON, with or without a byte order mark', () => {
    for (const mark of ['', '\uFEFF']) {
      const data = referenceFile(file('data.json', `${mark}{"accounts":{"007":"gold"}}`), { warn }).current();
      expect(segmentOf(data, '007')).toBe('gold');
    }
  });

  test.each([
    { name: 'none.yaml', content: undefined, error: /^FileError: cannot read reference data .*none\.yaml: there is no such file or directory \(ENOENT\)$/ },
    { name: 'data.txt', content: '', error: /data\.txt: expected a name that ends with \.yaml, \.yml or \.json$/ },
    { name: 'data.json', content: '{"accounts":', error: /data\.json: Unexpected end of JSON input$/ },
    { name: 'data.yaml', content: 'accounts:\n  1: gold\n 2: silver\n', error: /data\.yaml: line 3: / },
    { name: 'twice.yaml', content: 'accounts:\n  1: gold\n  2: x\n  1: silver\n', error: /twice\.yaml: line 4: 1 stands there twice$/ },
    { name: 'empty.yaml', content: '', error: /empty\.yaml:\n {2}\$: expected accounts and pages, both optional; got null$/ },
    { name: 'data.json', content: '{"accounts":{"1":1},"pages":[]}', error: /data\.json:\n {2}\$\.accounts\.1: expected text that is not blank; got 1\n {2}\$\.pages: expected .*; got an array of 0$/ },
  ])('$name is a fatal error that says where and why', ({ name, content, error }) => {
    expect(errorOf(file(name, content))).toMatch(error);
  });

  test('of many errors the first are told', () => {
    const accounts = Object.fromEntries(Array.from({ length: 25 }, (_, i) => [i, i]));
    const lines = errorOf(file('data.json', JSON.stringify({ accounts }))).split('\n');
    expect(lines).toHaveLength(12);
    expect(lines.at(-1)).toBe('  and 15 more');
  });
});

describe('while it runs', () => {
  let refreshing: Subscription | undefined;

  afterEach(() => refreshing?.unsubscribe());

  const running = (path: string) => {
    const warnings: string[] = [];
    let looks = 0;
    const looks$ = interval(2).pipe(tap(() => (looks += 1)));
    const { current, refresh$ } = referenceFile(path, { looks$, warn: (event, { error }) => warnings.push(`${event}: ${error}`) });
    refreshing = refresh$.subscribe();
    return {
      warnings,
      current,
      segment: () => segmentOf(current(), '1'),
      /** Lets it look a few times. */
      looks: () => {
        const before = looks;
        return until('a few looks', () => looks > before + 5);
      },
    };
  };

  const json = (segment: string): string => JSON.stringify({ accounts: { 1: segment } });

  test('a file that is written anew is read again', async () => {
    const path = file('data.json', json('gold'));
    const { segment, warnings } = running(path);
    expect(segment()).toBe('gold');
    writeFileSync(path, json('platinum'));
    await until('the new data', () => segment() === 'platinum');
    // The moment between emptying and writing may have been seen.
    expect(warnings.length).toBeLessThan(2);
  });

  test('a file that is swapped behind a symbolic link is read again', async () => {
    file('first.json', json('gold'));
    file('other.json', json('blue'));
    symlinkSync(file('first.json'), file('data.json'));
    const { segment, warnings } = running(file('data.json'));
    expect(segment()).toBe('gold');
    symlinkSync(file('other.json'), file('next'));
    renameSync(file('next'), file('data.json'));
    await until('the new data', () => segment() === 'blue');
    expect(warnings).toEqual([]);
  });

  test('a file that becomes wrong is told once, and the old data stay in force until it changes again', async () => {
    const path = file('data.json', json('gold'));
    const { segment, warnings, looks } = running(path);
    renameSync(file('next', '{"accounts":{"1":1}}'), path);
    await until('the warning', () => warnings.length > 0);
    await looks();
    expect(warnings).toEqual([`reference_data_refused: reference data ${path}:\n  $.accounts.1: expected text that is not blank; got 1`]);
    expect(segment()).toBe('gold');

    renameSync(file('next', json('blue')), path);
    await until('the new data', () => segment() === 'blue');
    expect(warnings).toHaveLength(1);
  });

  test('a file that goes away is told once, and read again when it is back', async () => {
    const path = file('data.json', json('gold'));
    const { segment, warnings, looks } = running(path);
    unlinkSync(path);
    await until('the warning', () => warnings.length > 0);
    await looks();
    expect(warnings).toEqual([`reference_data_refused: cannot read reference data ${path}: there is no such file or directory (ENOENT)`]);
    expect(segment()).toBe('gold');

    renameSync(file('next', json('blue')), path);
    await until('the new data', () => segment() === 'blue');
  });

  test('a file that stays as it is is not read again', async () => {
    const path = file('data.json', json('gold'));
    const { current, looks } = running(path);
    const data = current();
    await looks();
    expect(current()).toBe(data);
  });
});
