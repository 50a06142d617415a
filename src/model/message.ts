import type { Millis } from '../../operators/index.js';

/** One delivery from a source, before anything is known about its body. */
export interface Message {
  /** The broker's message id; undefined where the input has none (then it is never a duplicate by id). */
  readonly id: string | undefined;
  /** When it was published; undefined where the input does not say. */
  readonly publishTime: Millis | undefined;
  readonly attributes: Readonly<Record<string, string>>;
  /** The original body, untouched: bytes from a broker, a line's text from a file (bytes if it is not UTF-8). */
  readonly body: string | Buffer;
  /**
   * The body already parsed as JSON, where the source had to do so anyway. It takes several times the
   * room of the body, so it is dropped once the message is processed; a second try parses the body.
   */
  json?: unknown;
  /** Only where the input was too long to be held: how many bytes it had; `body` is no more than their beginning. */
  readonly oversize?: number;
  /** How often the broker has tried to deliver it, if it counts that. */
  readonly deliveryAttempt: number | undefined;
  /** The source's own handle on this delivery (Pub/Sub: the ack id; a file: the line number). */
  readonly receipt: string | number;
}
