import type { ComparisonReport, DifferenceReport } from './report.js';
import { counted, exampleText, extent, sideText, verdict } from './words.js';

/** A comparison as one page of HTML that loads nothing and runs nothing. */
export const comparisonHtml = (report: ComparisonReport): string => {
  const { same, left, right, tolerance, differences, notes } = report;
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width">
<title>Comparison: ${safe(verdict(report))}</title>
<style>
  body { font: 15px/1.5 system-ui, sans-serif; max-width: 70rem; margin: 2rem auto; padding: 0 1rem; }
  table { border-collapse: collapse; width: 100%; }
  th, td { text-align: left; vertical-align: top; padding: .3rem .8rem .3rem 0; border-bottom: 1px solid #8884; overflow-wrap: anywhere; }
  .number { text-align: right; white-space: nowrap; }
  .same { color: #176f2c; } .different { color: #a3161a; } .accepted { opacity: .6; }
  @media (prefers-color-scheme: dark) { body { background: #14161a; color: #dde; } .same { color: #5fd07a; } .different { color: #ff7b7e; } }
</style>
<h1 class="${same ? 'same' : 'different'}">${safe(verdict(report))}</h1>
<table>
<tr><th>left<td>${safe(sideText(left))}
<tr><th>right<td>${safe(sideText(right))}
</table>
${[...notes, `Instants at most ${tolerance.time_seconds} s apart, and times at most ${tolerance.spent_seconds} s apart, count as the same.`].map((note) => `<p>${safe(note)}`).join('\n')}
${differences.length === 0 ? '' : overview(differences)}
${differences.map(details).join('\n')}
</html>
`;
};

const overview = (differences: readonly DifferenceReport[]): string => `<h2>What differs</h2>
<table>
<tr><th>kind<th class="number">results<th>why<th>how
${differences.map((it) => `<tr${it.accepted ? ' class="accepted"' : ''}><td>${it.kind}${it.accepted ? ' (accepted)' : ''}<td class="number">${counted(it.count)}<td>${safe(it.why)}<td>${safe(extent(it))}`).join('\n')}
</table>`;

const details = ({ kind, why, examples }: DifferenceReport): string =>
  examples.length === 0
    ? ''
    : `<details><summary>${kind}: ${safe(why)}</summary>
<table>
<tr><th>session<th>left<th>right
${examples.map(exampleText).map(({ session, left, right }) => `<tr><td>${safe(session)}<td>${safe(left)}<td>${safe(right)}`).join('\n')}
</table>
</details>`;

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** Titles of pages come from anywhere. */
const safe = (text: string): string => text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
