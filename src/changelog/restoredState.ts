import type { Millis } from '../../operators/index.js';
import type { CommittedState } from './committedState.js';
import { earlyOf } from './earlyText.js';
import { emissionsOf } from './emissionText.js';
import { KEY_AT, KIND_AT, KINDS } from './entryText.js';
import type { Head } from './head.js';
import { interning } from './interning.js';
import { LastLines } from './lastLines.js';
import type { ProductCodec } from './productCodec.js';
import { RestoredIds } from './restoredIds.js';
import type { Scanner } from './scanner.js';
import { sessionsOf } from './sessionText.js';
import { wrong } from './shape.js';

/** The kinds of lines of which the last one for a key counts, by the byte that names them. */
const SESSIONS = { code: KINDS.sessions.charCodeAt(0), place: 0 } as const;
const EARLY = { code: KINDS.early.charCodeAt(0), place: 1 } as const;
const EMITTED = { code: KINDS.emitted.charCodeAt(0), place: 2 } as const;
const IDS = KINDS.ids.charCodeAt(0);
const QUOTE = '"'.charCodeAt(0);

/**
 * The state as the lines of a changelog make it, one after the other. Of each key only the last lines are
 * read, when somebody asks for their entries.
 */
export class RestoredState {
  private lines = new LastLines();
  private readonly ids = new RestoredIds();

  /** The lines that follow stand in this text, which is kept for as long as it is needed. */
  within(text: Buffer): void {
    if (this.lines.isWasteful) this.lines = this.lines.compacted();
    this.lines.within(text);
  }

  /** A line of the text that was named last, without its end. Throws where it has another shape. */
  apply(text: Buffer, from: number, to: number): void {
    const kind = text[from + KIND_AT];
    const key = from + KEY_AT;
    if (kind === IDS) this.ids.apply(text.toString('utf8', from, to));
    else if (text[key - 1] !== QUOTE) wrong('a key', text.toString('utf8', from, key));
    else if (kind === SESSIONS.code) this.lines.set(SESSIONS.place, key, to);
    else if (kind === EARLY.code) this.lines.set(EARLY.place, key, to);
    else if (kind === EMITTED.code) this.lines.set(EMITTED.place, key, to);
    else wrong('an entry', text.toString('utf8', from, key));
  }

  /** A walk through the whole state begins in this epoch. */
  walkBegins(): void {
    this.ids.walkBegins();
  }

  /** It has come to its end: whatever there was when it began has been shown since. */
  walkEnds(): void {
    this.ids.walkEnds();
  }

  /** Drops the oldest ids as they are forgotten, or a long changelog would bring all that ever came. */
  forgetIds(idsFrom: Millis): void {
    this.ids.forget(idsFrom);
  }

  committed<A>(epoch: number, { taskTime, idsFrom, tally, watermarks, sessions, early }: Head, codec: ProductCodec<A>): CommittedState<A> {
    const { lines, ids } = this;
    const intern = interning();
    const readSessions = (value: Scanner) => sessionsOf(value, codec, intern);
    const readEmissions = (value: Scanner) => emissionsOf(value, codec, intern);
    return {
      epoch,
      taskTime,
      tally,
      flow: {
        watermarks: { header: watermarks, entries: [] },
        sessions: { header: sessions, entries: again(() => lines.all(SESSIONS.place, readSessions)) },
        early: { header: early, entries: again(() => lines.all(EARLY.place, earlyOf)) },
        emitted: { header: undefined, entries: again(() => lines.all(EMITTED.place, readEmissions)) },
      },
      ids: again(() => ids.all(idsFrom)),
    };
  }
}

const again = <T>(walk: () => Iterator<T>): Iterable<T> => ({ [Symbol.iterator]: walk });
