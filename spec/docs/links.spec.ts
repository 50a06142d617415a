import { existsSync, readFileSync } from 'node:fs';
import { join, dirname } from 'node:path';
import { PAGES, proseOf, rowsOf } from './pages.js';

interface Link {
  readonly text: string;
  readonly target: string;
}

const linksOf = (markdown: string): readonly Link[] =>
  [...markdown.matchAll(/\[(?<text>(?:[^\][]|\[[^\]]*\])+)\]\((?<target>[^)\s]+)\)/g)].map(({ groups }) => ({ text: groups?.['text'] ?? '', target: groups?.['target'] ?? '' }));

/** As GitHub makes them of headings. */
const anchorsOf = (path: string): readonly string[] =>
  [...readFileSync(path, 'utf8').matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) => heading.toLowerCase().replace(/[^\p{L}\p{N} _-]/gu, '').replaceAll(' ', '-'));

test.each(PAGES)('every relative link of %s leads somewhere', (page) => {
  const relative = linksOf(proseOf(page)).filter(({ target }) => !/^https?:/.test(target));
  const broken = relative.filter(({ target }) => {
    const [path = '', anchor] = target.split('#');
    const file = path === '' ? page : join(dirname(page), path);
    return !existsSync(file) || (anchor !== undefined && !anchorsOf(file).includes(anchor));
  });
  expect(broken).toEqual([]);
});

test('every page can be reached from the README', () => {
  const reached = linksOf(proseOf('README.md')).map(({ target }) => target.split('#')[0]);
  const byTheWay = linksOf(proseOf('docs/operations.md')).concat(linksOf(proseOf('operators/README.md'))).map(({ target }) => target.replace('../', ''));
  expect(PAGES.filter((page) => page !== 'README.md' && ![...reached, ...byTheWay].includes(page))).toEqual([]);
});

describe('docs/semantics.md', () => {
  const SECTIONS = ['Event time and the watermark', 'Which session an event belongs to', 'When results come', 'Time on page', 'Delivery'];
  const rules = SECTIONS.flatMap((section) => rowsOf('docs/semantics.md', section));

  test('names a spec for every rule, by its file and its name', () => {
    expect(rules.length).toBeGreaterThan(30);
    const unproven = rules.filter(([, , shownBy = '']) => {
      const [spec] = linksOf(shownBy);
      return spec === undefined || !namesOf(join('docs', spec.target)).includes(spec.text);
    });
    expect(unproven).toEqual([]);
  });
});

/** The names of the tests of a file that have one name each. */
const namesOf = (file: string): readonly string[] =>
  [...readFileSync(file, 'utf8').matchAll(/^ *test\((?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)")/gm)].map(([, single, double]) => (single ?? double ?? '').replace(/\\(.)/g, '$1'));
