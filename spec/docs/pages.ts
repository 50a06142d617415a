import { readFileSync } from 'node:fs';

/** The pages of the documentation, from the root of the project. */
export const PAGES = [
  'README.md', 'CHANGELOG.md', 'operators/README.md', 'marbles/README.md',
  'docs/architecture.md', 'docs/benchmarks.md', 'docs/configuration.md', 'docs/consuming.md', 'docs/dead-letters.md', 'docs/deployment.md', 'docs/limits.md', 'docs/metrics.md',
  'docs/migration.md', 'docs/operations.md', 'docs/products.md', 'docs/runbook.md', 'docs/security.md', 'docs/semantics.md',
] as const;

export type Page = (typeof PAGES)[number];

export const textOf = (page: Page): string => readFileSync(page, 'utf8');

/** A fenced block of code. */
export interface Block {
  readonly language: string;
  readonly code: string;
  /** The heading it stands under. */
  readonly section: string;
  /** What the invisible comment on the line before it says, if there is one. */
  readonly mark: string | undefined;
}

const LINE = /^(?<indent> *)(?:```(?<language>\w*)|#+ (?<heading>.*)|<!-- (?<mark>.*) -->)$/;

/** The blocks of a page, in order; a block inside a list loses the list's indentation. */
export function blocksOf(page: Page): readonly Block[] {
  const blocks: Block[] = [];
  let section = '';
  let mark: string | undefined;
  let open: { readonly indent: string; readonly language: string; readonly lines: string[] } | undefined;
  for (const line of textOf(page).split('\n')) {
    const { indent = '', language, heading, mark: comment } = LINE.exec(line)?.groups ?? {};
    if (open && language === '') {
      blocks.push({ language: open.language, code: `${open.lines.join('\n')}\n`, section, mark });
      open = undefined;
    } else if (open) open.lines.push(line.slice(Math.min(open.indent.length, line.length - line.trimStart().length)));
    else if (language !== undefined) {
      open = { indent, language, lines: [] };
      continue;
    } else section = heading ?? section;
    if (!open) mark = comment;
  }
  if (open) throw new Error(`${page} has a block without end`);
  return blocks;
}

/** The block that carries this mark. */
export function marked(page: Page, mark: string): Block {
  const [block, ...more] = blocksOf(page).filter((it) => it.mark === mark);
  if (block === undefined || more.length > 0) throw new Error(`${page} has not one block with the mark ${mark}`);
  return block;
}

/** Everything that is not in a block. */
export const proseOf = (page: Page): string => textOf(page).replace(/^ *```[\s\S]*?^ *```$/gm, '');

/** The cells of the tables under a heading, without those of their heads. */
export function rowsOf(page: Page, section: string): readonly (readonly string[])[] {
  const [, text] = textOf(page).split(new RegExp(`^#+ ${section}$`, 'm'));
  if (text === undefined) throw new Error(`${page} has no section ${section}`);
  const lines = (text.split(/^#+ /m)[0] ?? '').split('\n').filter((line) => line.startsWith('|'));
  const isRule = (line: string | undefined): boolean => line !== undefined && /^[| -]+$/.test(line) && line.includes('---');
  return lines.filter((line, place) => !isRule(line) && !isRule(lines[place + 1])).map((line) => line.split(/(?<!\\)\|/).slice(1, -1).map((cell) => cell.trim()));
}
