import type { Millis } from '../../operators/index.js';
import type { Problem, Status } from '../status/status.js';
import type { Connection } from './connection.js';
import { NOTHING, ago, count, duration, rate, utc } from './format.js';

export type Level = 'well' | 'warning' | 'bad' | 'waiting';

/** The answer to "is it well?". */
export interface Verdict {
  readonly level: Level;
  /** A few words that change only when the answer does. */
  readonly title: string;
  /** With figures. */
  readonly text: string;
  readonly problems: readonly Problem[];
}

const waiting = (title: string, text: string): Verdict => ({ level: 'waiting', title, text, problems: [] });

export const verdictOf = (connection: Connection, now: Millis): Verdict => {
  switch (connection._tag) {
    case 'Connecting':
      return waiting('Connecting', 'Nothing has come yet.');
    case 'Starting':
      return waiting('Starting', 'The run has not begun.');
    case 'Lost': {
      const since = `Nothing has come since ${utc(connection.since, now)}. It is tried again all the time.`;
      return { level: 'bad', title: 'Connection lost', text: connection.status ? `${since} All below is as it was then.` : since, problems: [] };
    }
    case 'Ended':
      return { ...waiting('Ended', `The run ended at ${utc(connection.status.now, now)}. All below is as it was at the end.`), problems: connection.status.problems };
    case 'Live':
      return verdictOfLive(connection.status);
  }
};

const verdictOfLive = (status: Status): Verdict => {
  const { phase, problems } = status;
  if (problems.some(({ level }) => level === 'bad')) return { level: 'bad', title: 'Not well', text: 'No result comes.', problems };
  if (phase === 'restoring') return waiting('Starting', 'The state is being restored.');
  if (phase === 'ending') return waiting('Ending', 'Nothing more is read; what is there is finished and committed.');
  if (problems.length > 0) return { level: 'warning', title: 'Look at this', text: 'Results come, but somebody should look.', problems };
  return { level: 'well', title: 'Well', text: summary(status), problems };
};

const summary = ({ edges, results, time, commits }: Status): string => {
  const read = edges.find(({ from }) => from === 'source');
  const reading = read && read.perSecond > 0 ? `Reads ${rate(read.perSecond)} and writes ${rate(results.perSecond)}.` : 'Nothing has come for ten seconds.';
  const lag = time.lag === null ? '' : ` Event time is ${duration(Math.max(0, time.lag))} behind the clock.`;
  const commit = commits.epochs === 0 ? '' : ` Last commit: ${ago(commits.age)}.`;
  return reading + lag + commit;
};

/** For the tab: what is wrong stands first. */
export const titleOf = ({ title, problems }: Verdict, job: string | undefined): string => [problems[0]?.id ?? title, job ?? NOTHING, 'Pages Viewed'].filter((it) => it !== NOTHING).join(' · ');

/** For a screen reader: told only when it changes, so no figures but how many there are. */
export const spokenOf = ({ title, problems }: Verdict): string =>
  problems.length === 0 ? title : `${title}: ${count(problems.length)} ${problems.length === 1 ? 'problem' : 'problems'}, ${problems.map(({ id }) => id.replaceAll('-', ' ')).join(', ')}`;
