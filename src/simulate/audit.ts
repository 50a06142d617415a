import * as t from 'io-ts';
import { identityOf, inBatch, looked } from './batch.js';
import { isOfAnyOrder, type Planned } from './planned.js';

/** A record of a topic, committed, as any consumer finds it. */
export interface TopicRecord {
  readonly partition: number;
  readonly value: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** The counts of the pipeline itself, over all its lives. */
export interface Account {
  readonly received: number;
  readonly duplicates: number;
  readonly deadLetters: Readonly<Record<string, number>>;
  readonly held: number;
  readonly closed: number;
}

/** What a run has left behind. */
export interface Left {
  readonly results: readonly TopicRecord[];
  readonly deadLetters: readonly TopicRecord[];
  /** What the last instance said at its end. */
  readonly finished: Account;
}

const Body = t.type({ session_id: t.string, page: t.string, time_spent_seconds: t.number }, 'a result');
const Pane = t.type({ final: t.boolean, revision: t.number, entry: t.number, rule: t.string }, 'the header of a pane');

/** A result as its record tells of it. */
interface Told {
  readonly identity: string;
  readonly session: string;
  readonly page: string;
  readonly seconds: number;
  readonly pane: t.TypeOf<typeof Pane>;
  readonly partition: number;
}

/**
 * Compares what stands in the topics with what was published, and tells every difference; none if all
 * is as it should be. It expects that all sessions have been closed.
 *
 * @param gap between sessions, in ms
 */
export const differences = (published: readonly Planned[], { results, deadLetters, finished }: Left, gap: number): string[] => {
  const told = results.map(toldBy);
  return [
    ...revisionFaults(told),
    ...standingFaults(published, told, gap),
    ...letterFaults(published, deadLetters),
    ...outcomeFaults(published, told, deadLetters),
    ...countFaults(published, deadLetters, finished, told),
  ];
};

/**
 * What has been told while sessions are open, some time after all is quiet: of every page that was left for another
 * one it is known how long it was looked at, so by an early result it has been told.
 */
export const earlyDifferences = (published: readonly Planned[], results: readonly TopicRecord[], gap: number): string[] => {
  const standing = standingOf(results.map(toldBy));
  return [...expectedOf(published, gap)].flatMap(([identity, expected]) => {
    const found = standing.get(identity)?.join(' ') ?? 'missing';
    return expected[1] !== 'next_view' || expected.join(' ') === found ? [] : [`${identity}: an early result was due, ${expected.join(' ')}, found ${found}`];
  });
};

const toldBy = ({ value, headers, partition }: TopicRecord): Told => {
  const { session_id: session, page, time_spent_seconds: seconds } = decoded(Body, value);
  const pane = decoded(Pane, headers['pane'] ?? 'null');
  return { identity: identityOf(session, pane.entry, page), session, page, seconds, pane, partition };
};

const decoded = <A>(codec: t.Type<A>, text: string): A => {
  const found: unknown = JSON.parse(text);
  if (!codec.is(found)) throw new TypeError(`a record of results is not ${codec.name}: ${text}`);
  return found;
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
const standingFaults = (published: readonly Planned[], told: readonly Told[], gap: number): string[] => {
  const expected = expectedOf(published, gap);
  const standing = standingOf(told);
  return [...new Set([...expected.keys(), ...standing.keys()])].flatMap((identity) => {
    const [wanted, found] = [expected.get(identity), standing.get(identity)].map((it) => it?.join(' ') ?? 'missing');
    return wanted === found ? [] : [`${identity}: expected ${wanted}, found ${found}`];
  });
};

/** What a batch job computes of the first load. */
const expectedOf = (published: readonly Planned[], gap: number): ReadonlyMap<string, readonly [number, string]> => {
  const views = groupedBy(published.filter(({ due }) => due === 'result' || due === 'duplicate'), sessionOf);
  return new Map([...views.values()].flatMap((it) => Object.entries(inBatch(it.map(({ data }) => ({ body: data })), { gap }))));
};

/** The last revisions of the first load. */
const standingOf = (told: readonly Told[]): ReadonlyMap<string, readonly [number, string]> =>
  new Map(told.filter(({ session }) => !isOfAnyOrder(session)).map(({ identity, seconds, pane }) => [identity, [seconds, pane.rule]]));

const sessionOf = ({ data }: Planned): string => looked({ body: data }).key;

/** Refused is what is to be refused, each message once and for its own reason. */
const letterFaults = (published: readonly Planned[], letters: readonly TopicRecord[]): string[] => {
  const due = new Map(published.map((it) => [it.n, it.due]));
  const bodies = new Map(published.map((it) => [it.n, it.data]));
  const seen = new Set<number>();
  const wrong = letters.flatMap((letter) => {
    const n = numberOf(letter);
    const isAgain = seen.has(n);
    seen.add(n);
    const reason = letter.headers['reason'] ?? 'no reason';
    const allowed = due.get(n) === 'either' ? 'late' : due.get(n);
    return [
      ...(isAgain ? [`message ${n} was refused twice`] : []),
      ...(reason === allowed && bodies.get(n) === letter.value ? [] : [`message ${n}, due as ${allowed ?? 'unknown'}, was refused as ${reason}`]),
    ];
  });
  const missing = published.filter((it) => !seen.has(it.n) && !['result', 'duplicate', 'either'].includes(it.due));
  return [...wrong, ...missing.map((it) => `message ${it.n}, due as ${it.due}, was not refused`)];
};

const numberOf = ({ headers }: TopicRecord): number => Number(headers['attribute.n']);

/** In the second load a message was refused or has a result, and never both. */
const outcomeFaults = (published: readonly Planned[], told: readonly Told[], letters: readonly TopicRecord[]): string[] => {
  const refused = new Set(letters.map(numberOf));
  const pages = new Set(told.map(({ page }) => page));
  return published.flatMap(({ n, due }) => {
    if (due !== 'either' || refused.has(n) !== pages.has(`Page ${n}`)) return [];
    return [`message ${n} ${refused.has(n) ? 'was refused and has a result' : 'has no outcome'}`];
  });
};

/** The pipeline has counted what is there. */
const countFaults = (published: readonly Planned[], letters: readonly TopicRecord[], finished: Account, told: readonly Told[]): string[] => {
  const accepted = published.filter(({ due }) => due === 'result').length + new Set(told.filter(({ page }) => page.startsWith('Page ')).map(({ page }) => page)).size;
  const byReason = Object.fromEntries([...groupedBy(letters, ({ headers }) => headers['reason'] ?? '')].map(([reason, { length }]) => [reason, length]));
  return [
    ...differing('held', 0, finished.held),
    ...differing('closed', accepted, finished.closed),
    ...differing('accounted for', finished.received, accounted(finished)),
    ...[...new Set([...Object.keys(byReason), ...Object.keys(finished.deadLetters)])].flatMap((reason) => differing(reason, byReason[reason] ?? 0, finished.deadLetters[reason] ?? 0)),
  ];
};

/** The sum of all that became of the messages. */
export const accounted = ({ duplicates, deadLetters, held, closed }: Omit<Account, 'received'>): number =>
  duplicates + held + closed + Object.values(deadLetters).reduce((sum, count) => sum + count, 0);

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
