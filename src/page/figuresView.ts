import type { Status } from '../status/status.js';
import { byId, write } from './dom.js';
import { ago, bytes, count, duration, rate, utc } from './format.js';
import { fillTerms } from './rows.js';

const deadLetterCount = ({ deadLetters }: Status): number => deadLetters.reduce((sum, it) => sum + it.count, 0);

/** The few numbers that are looked at first: the value, and what stands beside it in small. */
export const headFigures = (status: Status): Readonly<Record<string, readonly [value: string, note: string]>> => {
  const { edges, results, time, sessions, deadLetters, commits, now } = status;
  return {
    received: [rate(edges[0]?.perSecond ?? 0), `${count(edges[0]?.count ?? 0)} messages`],
    results: [rate(results.perSecond), `${count(results.count)} committed`],
    lag: [time.isAtEnd ? 'at the end' : duration(time.lag), time.watermark === null ? 'no watermark' : `watermark ${utc(time.watermark, now)}`],
    open: [count(sessions.open), `with ${count(sessions.views)} page views`],
    dead: [rate(deadLetters.reduce((sum, it) => sum + it.perSecond, 0)), `${count(deadLetterCount(status))} dead letters`],
    commit: [commits.epochs === 0 ? 'none yet' : ago(commits.age), commits.lastTook === null ? 'nothing committed' : `took ${duration(commits.lastTook)}`],
  };
};

export const figuresView = (): ((status: Status) => void) => {
  const lists = { source: byId('source', HTMLDListElement), commits: byId('commits', HTMLDListElement), time: byId('time', HTMLDListElement) };
  return (status) => {
    for (const [name, [value, note]] of Object.entries(headFigures(status))) {
      write(byId(`${name}-value`, HTMLElement), value);
      write(byId(`${name}-note`, HTMLElement), note);
    }
    fillTerms(lists.time, timeTerms(status));
    fillTerms(lists.source, sourceTerms(status));
    fillTerms(lists.commits, commitTerms(status));
  };
};

type Terms = readonly (readonly [term: string, value: string])[];

const timeTerms = ({ time, now, startedAt, sessions }: Status): Terms => [
  ['Watermark', time.isAtEnd ? 'at the end of the input' : utc(time.watermark, now)],
  ['Clock', utc(now, now)],
  ['Task time', `${utc(time.taskTime, now)}${time.standstill.length === 0 ? '' : `, stands still: ${time.standstill.join(', ')}`}`],
  ['Running for', duration(Math.floor((now - startedAt) / 1_000) * 1_000)],
  ['Closed sessions remembered', count(sessions.remembered)],
];

const sourceTerms = ({ source }: Status): Terms => [
  ['Reads', source.name === '-' ? 'stdin' : source.name],
  ['State', source.isOpen ? 'open' : 'not open'],
  ['Lost', source.losses === 0 ? 'never' : `${count(source.losses)} times, last: ${source.cause ?? 'no cause given'}`],
  ['Delivered, not yet processed', count(source.waiting)],
  ['Delivered, not yet acknowledged', source.held === null ? 'nothing is acknowledged' : `${count(source.held)} of at most ${count(source.limit)}`],
];

const commitTerms = ({ commits, sink, time }: Status): Terms => [
  ['Writes', sink.name === '-' ? 'stdout' : sink.name],
  ['Dead letters', sink.deadLetters ?? 'only counted'],
  ['Published to committed', duration(time.publishedToCommitted)],
  ['Epochs committed', count(commits.epochs)],
  ['Last commit', commits.lastTook === null ? 'none yet' : `${ago(commits.age)}, took ${duration(commits.lastTook)}`],
  ['On its way', commits.pending === 0 ? 'none' : `for ${duration(commits.pending)}`],
  ['Failed attempts', commits.failures === 0 ? 'none' : `${count(commits.failures)}, last: ${commits.failure ?? ''}`],
  ['Restarts of the pipeline', count(commits.restarts)],
  ['Processed, not yet committed', count(commits.uncommitted)],
  ['State', commits.checkpoint === 'memory' ? 'in memory' : `in Kafka, ${commits.stateBytes === null ? 'not yet written in full' : bytes(commits.stateBytes)}`],
];
