import { readFileSync, writeFileSync } from 'node:fs';

const GENERATED = /(?<=^<!-- metrics: begin, .* -->\n)[^]*(?=^<!-- metrics: end -->$)/m;

/** The page with the metrics of a scrape in its table; with WRITE_DOCS=1 it is written. */
export const metricsPage = (path: string, scrape: string): string => {
  const rows = [...scrape.matchAll(/^# HELP (pages_viewed_\w+) (.*)\n# TYPE \w+ (\w+)$/gm)].map(([, name = '', help = '', type = '']) => `| \`${name}\` | ${type} | ${labelsOf(scrape, name)} | ${help} |`);
  const table = ['', '| metric | type | label | |', '| --- | --- | --- | --- |', ...rows, '', ''].join('\n');
  const page = readFileSync(path, 'utf8').replace(GENERATED, () => table);
  if (process.env['WRITE_DOCS'] === '1') writeFileSync(path, page);
  return page;
};

const labelsOf = (scrape: string, name: string): string => {
  const labels = new Set([...scrape.matchAll(new RegExp(`^${name}\\{(\\w+)=`, 'gm'))].map(([, label]) => `\`${label}\``));
  return [...labels].join(', ');
};
