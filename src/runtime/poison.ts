import type { DeadLetter } from '../model/deadLetter.js';
import type { Message } from '../model/message.js';
import { messageOf } from './failure.js';

/** A message gets a second try, because what broke may have been something else. */
const TRIES = 2;

/** Which messages have broken the pipeline, and how often. */
export class Poison {
  private readonly failures = new Map<Message, { count: number; error: string }>();

  failed(message: Message, error: unknown): void {
    this.failures.set(message, { count: (this.failures.get(message)?.count ?? 0) + 1, error: messageOf(error) });
  }

  /** Whether the message has failed and gets another try. */
  isSuspect(message: Message): boolean {
    return this.failures.size > 0 && (this.failures.get(message)?.count ?? TRIES) < TRIES;
  }

  /** The dead letter of a message that has had its tries. */
  deadLetterOf(message: Message): DeadLetter | undefined {
    if (this.failures.size === 0) return undefined;
    const failure = this.failures.get(message);
    if (!failure || failure.count < TRIES) return undefined;
    return {
      reason: 'processing_failed',
      stage: 'pipeline',
      faults: [{ path: '$', expected: 'to be processed', got: failure.error }],
      message,
      sessionId: undefined,
    };
  }

  /** What has been committed will not come again. */
  forget(messages: readonly Message[]): void {
    if (this.failures.size > 0) for (const message of messages) this.failures.delete(message);
  }
}
