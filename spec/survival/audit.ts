import { identityOf, inBatch } from '../pipeline/batch.js';
import type { Finished, ResultLine } from '../e2e/program.js';
import { accounted } from '../e2e/program.js';
import type { PaneHeader } from '../e2e/published.js';
import type { KafkaRecord } from '../support/kafkaRecords.js';
import { GAP, isOfSecondLoad, type Planned } from './load.js';

/** What a run has left behind. */
export interface Left {
  readonly results: readonly KafkaRecord[];
  readonly deadLetters: readonly KafkaRecord[];
  /** What the last instance said at its end. */
  readonly finished: Finished;
}

/** A result as its record tells of it. */
interface Told {
  readonly identity: string;
  readonly session: string;
  readonly page: string;
  readonly seconds: number;
  readonly pane: PaneHeader;
  readonly partition: number;
}

/**
 * Compares what stands in the topics with what was published, and tells every difference; none if all
 * is as it should be. It expects that all sessions have been closed.
 */
export const differences = (published: readonly Planned[], { results, deadLetters, finished }: Left): string[] => {
  const told = results.map(toldBy);
  return [
    ...revisionFaults(told),
    ...standingFaults(published, told),
    ...letterFaults(published, deadLetters),
    ...outcomeFaults(published, told, deadLetters),
    ...countFaults(published, deadLetters, finished, told),
  ];
};

const toldBy = ({ value, headers, partition }: KafkaRecord): Told => {
  const { session_id: session, page, time_spent_seconds: seconds }: ResultLine = JSON.parse(value);
  const pane: PaneHeader = JSON.parse(headers['pane'] ?? '');
  return { identity: identityOf(session, pane.entry, page), session, page, seconds, pane, partition };
};

/** Each result has the revisions 0, 1, 2, … once and in this order, in one partition, and only the last one may be final. */
const revisionFaults = (told: readonly Told[]): string[] =>
  [...groupedBy(told, ({ identity }) => identity)].flatMap(([identity, revisions]) => {
    const numbers = revisions.map(({ pane }) => pane.revision);
    const finals = revisions.filter(({ pane }) => pane.final).length;
    return [
      ...(numbers.every((revision, place) => revision === place) ? [] : [`${identity} has the revisions ${numbers.join()}`]),
      ...(finals <= 1 ? [] : [`${identity} has ${finals} final revisions`]),
      ...(new Set(revisions.map(({ partition }) => partition)).size === 1 ? [] : [`${identity} is in more than one partition`]),
    ];
  });

/** The last revision of every result of the first load is what a batch job computes. */
const standingFaults = (published: readonly Planned[], told: readonly Told[]): string[] => {
  const views = groupedBy(published.filter(({ due }) => due === 'result' || due === 'duplicate'), sessionOf);
  const expected = new Map([...views.values()].flatMap((it) => Object.entries(inBatch(it.map(asMessage), { gap: GAP }))));
  const standing = new Map(told.filter(({ session }) => !isOfSecondLoad(session)).map(({ identity, seconds, pane }) => [identity, [seconds, pane.rule]]));
  return [...new Set([...expected.keys(), ...standing.keys()])].flatMap((identity) => {
    const [wanted, found] = [expected.get(identity), standing.get(identity)].map((it) => it?.join(' ') ?? 'missing');
    return wanted === found ? [] : [`${identity}: expected ${wanted}, found ${found}`];
  });
};

const sessionOf = ({ data }: Planned): string => {
  const { session_id }: { readonly session_id: string } = JSON.parse(data);
  return session_id;
};

const asMessage = ({ data }: Planned) => ({ id: undefined, publishTime: undefined, attributes: {}, body: data, deliveryAttempt: undefined, receipt: 0 });

/** Refused is what is to be refused, each message once and for its own reason. */
const letterFaults = (published: readonly Planned[], letters: readonly KafkaRecord[]): string[] => {
  const due = new Map(published.map((it) => [it.n, it.due]));
  const seen = new Set<number>();
  const wrong = letters.flatMap((letter) => {
    const n = numberOf(letter);
    const isAgain = seen.has(n);
    seen.add(n);
    const reason = letter.headers['reason'] ?? 'no reason';
    const allowed = due.get(n) === 'either' ? 'late' : due.get(n);
    return [
      ...(isAgain ? [`message ${n} was refused twice`] : []),
      ...(reason === allowed && published[n]?.data === letter.value ? [] : [`message ${n}, due as ${allowed ?? 'unknown'}, was refused as ${reason}`]),
    ];
  });
  const missing = published.filter((it) => !seen.has(it.n) && !['result', 'duplicate', 'either'].includes(it.due));
  return [...wrong, ...missing.map((it) => `message ${it.n}, due as ${it.due}, was not refused`)];
};

const numberOf = ({ headers }: KafkaRecord): number => Number(headers['attribute.n']);

/** In the second load a message was refused or has a result, and never both. */
const outcomeFaults = (published: readonly Planned[], told: readonly Told[], letters: readonly KafkaRecord[]): string[] => {
  const refused = new Set(letters.map(numberOf));
  const pages = new Set(told.map(({ page }) => page));
  return published.flatMap(({ n, due }) => {
    if (due !== 'either' || refused.has(n) !== pages.has(`Page ${n}`)) return [];
    return [`message ${n} ${refused.has(n) ? 'was refused and has a result' : 'has no outcome'}`];
  });
};

/** The counts of the pipeline itself, over all its lives. */
const countFaults = (published: readonly Planned[], letters: readonly KafkaRecord[], finished: Finished, told: readonly Told[]): string[] => {
  const accepted = published.filter(({ due }) => due === 'result').length + new Set(told.filter(({ page }) => page.startsWith('Page ')).map(({ page }) => page)).size;
  const byReason = Object.fromEntries([...groupedBy(letters, ({ headers }) => headers['reason'] ?? '')].map(([reason, { length }]) => [reason, length]));
  return [
    ...differing('held', 0, finished.held),
    ...differing('closed', accepted, finished.closed),
    ...differing('accounted for', finished.received, accounted(finished)),
    ...[...new Set([...Object.keys(byReason), ...Object.keys(finished.deadLetters)])].flatMap((reason) => differing(reason, byReason[reason] ?? 0, finished.deadLetters[reason] ?? 0)),
  ];
};

const differing = (what: string, expected: number, found: number): string[] => (expected === found ? [] : [`${what}: expected ${expected}, counted ${found}`]);

const groupedBy = <A, K>(all: readonly A[], keyOf: (one: A) => K): Map<K, A[]> => {
  const groups = new Map<K, A[]>();
  for (const one of all) {
    const group = groups.get(keyOf(one));
    if (group) group.push(one);
    else groups.set(keyOf(one), [one]);
  }
  return groups;
};
