import type { Millis } from '../../operators/index.js';
import type { Reason } from './deadLetter.js';

/** A dead letter as it is found where dead letters are kept. */
export interface KeptLetter {
  /** Where it lies, and what tells it from another that may lie there later: no two letters of one topic or file share it. */
  readonly place: string;
  readonly reason: Reason;
  /** In a topic when it was written there, in a file when its message was published; undefined where nothing says it. */
  readonly since: Millis | undefined;
  readonly message: {
    readonly id: string | undefined;
    readonly publishTime: Millis | undefined;
    /** As the message came with them. */
    readonly attributes: Readonly<Record<string, string>>;
    readonly body: string | Buffer;
  };
  /** Only the beginning of the body was kept. */
  readonly truncated: boolean;
}
