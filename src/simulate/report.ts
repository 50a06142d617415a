import type { Millis } from '../../operators/index.js';
import { describeFault, type FaultName } from './faults.js';
import type { PlannedView, Scenario, ScenarioMessage } from './scenario.js';
import type { Outcome } from './world.js';

/** What was simulated and came out well, summed up. */
export interface Total {
  readonly seeds: number;
  readonly published: number;
  readonly results: number;
  readonly deadLetters: number;
  readonly processes: number;
  readonly lasted: Millis;
}

export const NOTHING: Total = { seeds: 0, published: 0, results: 0, deadLetters: 0, processes: 0, lasted: 0 };

export const plus = (total: Total, { published, results, deadLetters, processes, lasted }: Outcome): Total => ({
  seeds: total.seeds + 1,
  published: total.published + published,
  results: total.results + results,
  deadLetters: total.deadLetters + deadLetters,
  processes: total.processes + processes,
  lasted: total.lasted + lasted,
});

const HOUR: Millis = 3_600_000;

/** What a command has gone through without a failure. */
export const totalText = ({ seeds, published, results, deadLetters, processes, lasted }: Total): string =>
  `${seeds} ${seeds === 1 ? 'world' : 'worlds'}, ${(lasted / HOUR).toFixed(1)} h of their own time: ` +
  `${published} messages, ${processes} processes, ${results} results, ${deadLetters} dead letters.\n` +
  'In each the last revisions are those of a computation in batch, no revision came twice or went back, none but the last was final,\n' +
  'the dead letters are those that are due, every message is accounted for, and what early results had to tell was told.\n' +
  'PASSED\n';

/** More than this helps nobody. */
const MOST_FAILURES = 8;

/** A failure, the least that brings it about, and how to see it again. */
export const failureText = (failures: readonly string[], minimal: Scenario, whole: Scenario, faults: readonly FaultName[]): string => {
  const { seed, messages } = minimal;
  const shown = failures.slice(0, MOST_FAILURES).map((it) => `  ${it}`);
  const more = failures.length > MOST_FAILURES ? [`  and ${failures.length - MOST_FAILURES} more`] : [];
  const happenings = [
    ...messages.map((it) => ({ at: it.at, text: `m${it.n}: ${messageText(it)}` })),
    ...minimal.faults.map((it) => ({ at: it.at, text: `f${it.n}: ${describeFault(it.fault)}` })),
  ].sort((a, b) => a.at - b.at);
  const kept = [...messages.map(({ n }) => `m${n}`), ...minimal.faults.map(({ n }) => `f${n}`)].join();
  return [
    `FAILED at seed ${seed}:`,
    ...shown,
    ...more,
    '',
    `The least that brings it about (${messages.length} of ${whole.messages.length} messages, ${minimal.faults.length} of ${whole.faults.length} faults):`,
    ...happenings.map(({ at, text }) => `${(at / 1_000).toFixed(1).padStart(7)} s  ${text}`),
    '',
    'To see it again, with all that happens:',
    `  pages-viewed simulate --seed ${seed} --faults ${faults.join()} --keep ${kept} --trace`,
    '',
  ].join('\n');
};

const messageText = ({ content, delays, poison }: ScenarioMessage): string => {
  const late = delays.map((delay) => `${delay / 1_000} s`).join(' and ');
  const how = delays.some((delay) => delay > 0) || delays.length > 1 ? `, delivered after ${late}` : '';
  const breaks = poison === 'never' ? '' : `, breaks the pipeline ${poison === 'once' ? 'once' : 'every time'}`;
  switch (content._tag) {
    case 'View':
      return `${viewText(content.view)}${how}${breaks}`;
    case 'Refused':
      return `${viewText(content.view)}, ${content.due}${how}`;
    case 'Old':
      return `${viewText(content.view)}, long ago${how}`;
    case 'Again':
      return `the row of m${content.of} again${how}`;
    case 'TooLate':
      return `a view of ${content.session} when that is closed${how}`;
  }
};

const viewText = ({ session, page, ago }: PlannedView): string => `${session} sees "${page}", ${ago / 1_000} s ago`;
