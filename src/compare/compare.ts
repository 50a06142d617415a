import { asyncScheduler, concat, defer, finalize, from, ignoreElements, map, mergeMap, of, scheduled, tap, type Observable } from 'rxjs';
import type { CompareConfig, RecordsFrom } from '../config/compareConfig.js';
import { fileLines } from '../io/fileLines.js';
import type { Log } from '../io/kafkaLog.js';
import { kafkaTopicRecords } from '../io/kafkaTopicRecords.js';
import { SortedAside } from '../io/sortedAside.js';
import { asideLine, readAsideLine, type Aside } from './asideLine.js';
import { Comparison, type SessionRecords, type SideNature } from './comparison.js';
import { Differences } from './differences.js';
import type { Refused } from './explain.js';
import { readRefused } from './readRefused.js';
import { readTold } from './readTold.js';
import { REASONS } from './reasons.js';
import { comparisonReport, type ComparisonReport } from './report.js';
import { SideFacts } from './sideFacts.js';
import { SIDES, type Side, type Told } from './told.js';

/** A record of a topic, or a line of a file. */
interface Found {
  readonly text: string;
  /** Offset, or number of the line. */
  readonly place: number;
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * So many shares of all sessions are compared one after the other.
 *
 * Memory: of both sides together the sessions of one share, about one in 256, and at most 32 MB for the files in which
 * the sessions wait for their turn. A session is in memory as a whole.
 */
const SHARES = 256;

/**
 * What differs between the results of two pipelines, and why. Emits once, when both have been read.
 *
 * Errors: a `KafkaError` or a `FileError`.
 */
export const compare = (config: CompareConfig, log: Log): Observable<ComparisonReport> =>
  defer(() => {
    const aside = new SortedAside(SHARES);
    const facts: Readonly<Record<Side, SideFacts>> = { left: new SideFacts(), right: new SideFacts() };
    const differences = new Differences(config.examples);
    const put = (it: Aside): void => aside.add(it.session, asideLine(it));

    const read$ = SIDES.flatMap((side) => {
      const { results, deadLetters } = config[side];
      const told$ = found$(results, config, log).pipe(
        tap(({ text, place, headers }) => {
          const told = readTold(text, place, headers['pane']);
          if (told._tag === 'Right') {
            facts[side].read(told.right);
            put({ _tag: 'Told', side, session: told.right.session, told: told.right });
          } else {
            facts[side].unreadable += 1;
            const faults = told.left.map(({ path, expected, got }) => `${path}: expected ${expected}, got ${got}`);
            differences.add(REASONS.unreadable(side), { _tag: 'Unreadable', note: `${results._tag === 'File' ? 'line' : 'offset'} ${place}: ${faults.join('; ')}` });
          }
        }),
      );
      if (deadLetters === undefined) return [told$];
      const refused$ = found$(deadLetters, config, log).pipe(
        tap(({ text, headers }) => {
          const refused = readRefused(text, headers['reason']);
          if (refused !== undefined) put({ _tag: 'Refused', side, session: refused.session, refused });
        }),
      );
      return [told$, refused$];
    });

    const compared$ = defer(() => {
      const natures: Readonly<Record<Side, SideNature>> = { left: natureOf(facts.left, config.left.timestamp), right: natureOf(facts.right, config.right.timestamp) };
      const comparison = new Comparison(config.rules, natures, differences);
      // One share at a time, so that a signal finds somebody to listen.
      const shares$ = scheduled(aside.all(), asyncScheduler).pipe(
        tap((share) => {
          for (const [session, records] of sessionsOf(share)) comparison.session(session, records);
        }),
      );
      return concat(shares$.pipe(ignoreElements()), defer(() => of(comparisonReport({ config, facts, natures, comparison, differences: differences.all() }))));
    });
    return concat(concat(...read$).pipe(ignoreElements()), compared$).pipe(finalize(() => aside.remove()));
  });

const natureOf = (facts: SideFacts, given: SideNature['meaning'] | undefined): SideNature => {
  const meaning = given ?? facts.meaning;
  return { meaning, hasLastPages: facts.hasLastPages(meaning) };
};

const found$ = (where: RecordsFrom, { kafka }: CompareConfig, log: Log): Observable<Found> =>
  where._tag === 'File'
    ? fileLines(where.path, (line, number): Found => ({ text: line.toString(), place: number, headers: {} })).pipe(mergeMap((lines) => from(lines)))
    : kafkaTopicRecords({ ...kafka, log }, where.topic).pipe(map(({ value, offset, headers }) => ({ text: value.toString(), place: Number(offset), headers })));

interface Gathered extends SessionRecords {
  readonly told: Readonly<Record<Side, Told[]>>;
  readonly refused: Readonly<Record<Side, Refused[]>>;
}

const sessionsOf = (lines: readonly string[]): ReadonlyMap<string, SessionRecords> => {
  const sessions = new Map<string, Gathered>();
  for (const line of lines) {
    const it = readAsideLine(line);
    const session = sessions.get(it.session) ?? { told: { left: [], right: [] }, refused: { left: [], right: [] } };
    sessions.set(it.session, session);
    if (it._tag === 'Told') session.told[it.side].push(it.told);
    else session.refused[it.side].push(it.refused);
  }
  return sessions;
};
