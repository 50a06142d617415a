import { existsSync, readFileSync } from 'node:fs';
import { join, dirname } from 'node:path';
import { PAGES, proseOf } from './pages.js';

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
  const byTheWay = ['docs/operations.md', 'operators/README.md', 'docs/semantics.md'] as const;
  const further = byTheWay.flatMap((page) => linksOf(proseOf(page))).map(({ target }) => (target.split('#')[0] ?? '').replace('../', ''));
  expect(PAGES.filter((page) => page !== 'README.md' && ![...reached, ...further].includes(page))).toEqual([]);
});
