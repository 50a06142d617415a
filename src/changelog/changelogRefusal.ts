/**
 * What is wrong with a changelog:
 * - `newer_format`: a later version of this program wrote it.
 * - `corrupt`: a record is not as it was written.
 * - `unknown_kind`: a record of another program, or of a later version of this one.
 * - `incomplete`: an epoch has only some of its records.
 * - `gap`: an epoch is missing, or they are not in order.
 * - `truncated`: what the newest epochs build upon has been deleted.
 * - `stranger`: records of an instance that never took the changelog over.
 */
export type ChangelogFault = 'newer_format' | 'corrupt' | 'unknown_kind' | 'incomplete' | 'gap' | 'truncated' | 'stranger';

const WAYS_OUT = 'bring it back from a copy, or give the state up (pages-viewed state inspect tells of it, pages-viewed state reset does it)';

const ADVICE: Readonly<Record<ChangelogFault, string>> = {
  newer_format: 'run the version that wrote it, or a later one',
  corrupt: `the topic has been damaged or written to by something else: ${WAYS_OUT}`,
  unknown_kind: 'look whether another program writes to this topic; if a later version of this one did, run that',
  incomplete: `the topic has lost records: ${WAYS_OUT}`,
  gap: `the topic has lost records, or two of them were merged: ${WAYS_OUT}`,
  truncated: `look at the retention of the topic, which must be unlimited: ${WAYS_OUT}`,
  stranger: `look whether another program writes to this topic: ${WAYS_OUT}`,
};

/** The state cannot be restored, and asking again changes nothing. Nothing of it may be used. */
export class ChangelogRefusal extends Error {
  override readonly name = 'ChangelogRefusal';
  readonly fatal = true;
  readonly advice: string;

  /** @param offset of the record at which it was found; undefined where that is the end of the changelog */
  constructor(readonly fault: ChangelogFault, readonly offset: bigint | undefined, readonly found: string) {
    super(`the changelog cannot be restored: ${offset === undefined ? 'at its end' : `at offset ${offset}`} ${found}; ${ADVICE[fault]}`);
    this.advice = ADVICE[fault];
  }
}
