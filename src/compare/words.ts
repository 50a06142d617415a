import type { ComparisonReport, DifferenceReport, ExampleReport, ResultReport, SideReport, SpreadReport } from './report.js';

/** What the reports for eyes have in common. */

/** 12 031 as people write it. */
export const counted = (count: number): string => String(count).replace(/\B(?=(\d{3})+$)/g, ' ');

export const verdict = ({ same, differences, same_results: results }: ComparisonReport): string => {
  if (!same) return `different: ${counted(differences.reduce((sum, { count, accepted }) => sum + (accepted ? 0 : count), 0))} differ, ${counted(results)} results are the same`;
  return differences.length === 0 ? `the same: ${counted(results)} results` : `the same but for what is accepted: ${counted(results)} results`;
};

/** `all 12 031 last pages: left 60 s constant, right none`. */
export const extent = ({ count, of, kind, left_seconds: left, right_seconds: right }: DifferenceReport): string => {
  const thing = kind === 'last_page' ? 'last page' : kind === 'unreadable' ? 'record' : 'result';
  const things = (of ?? count) === 1 ? thing : `${thing}s`;
  const many = of === null ? `${counted(count)} ${things}` : count === of ? `all ${counted(count)} ${things}` : `${counted(count)} of ${counted(of)} ${things}`;
  return kind === 'unreadable' ? many : `${many}: left ${spread(left)}, right ${spread(right)}`;
};

const spread = (it: SpreadReport): string => {
  if (it === null) return 'none';
  return it.least === it.most ? `${it.least} s constant` : `${it.least} s to ${it.most} s`;
};

export const sideText = (side: SideReport): string =>
  [
    `${side.from}: ${counted(side.results)} results of ${counted(side.sessions)} sessions`,
    side.first_entry === null ? '' : `, entered ${side.first_entry} to ${side.last_entry ?? ''}`,
    `; ${counted(side.records)} records read, ${counted(side.replaced)} of them replaced by later ones`,
    side.historic > 0 ? `, ${counted(side.historic)} results historic` : '',
    `; timestamp is the ${side.timestamp}`,
    side.with_pane === side.records ? '' : `, ${counted(side.records - side.with_pane)} records without the header pane`,
  ].join('');

/** The session, and what each side has of it. */
export const exampleText = (example: ExampleReport): { readonly session: string; readonly left: string; readonly right: string } =>
  'unreadable' in example ? { session: example.unreadable, left: '', right: '' } : { session: example.session_id, left: resultText(example.left), right: resultText(example.right) };

const resultText = (result: ResultReport | null): string => {
  if (result === null) return 'none';
  const { page, entry, seconds, window_start: start, window_end: end, revision, rule, historic, replaced_seconds: replaced } = result;
  return [
    `${JSON.stringify(page)} at ${entry}: ${seconds} s`,
    start === null || end === null ? '' : `, window ${start} to ${end}`,
    revision === null ? '' : `, revision ${revision}`,
    rule === null ? '' : `, ${rule}`,
    historic ? ', historic' : '',
    replaced.length === 0 ? '' : `, formerly ${replaced.map((it) => `${it} s`).join(', ')}`,
  ].join('');
};
