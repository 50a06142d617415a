import type { DeadLetter } from '../../src/model/deadLetter.js';
import type { Message } from '../../src/model/message.js';

/** An invalid message of which nothing is known but what a spec says. */
export const deadLetter = (message: Partial<Message>): DeadLetter => ({
  reason: 'invalid',
  stage: 'validate',
  faults: [],
  message: { id: undefined, publishTime: undefined, attributes: {}, body: '{}', deliveryAttempt: undefined, receipt: 0, ...message },
  sessionId: undefined,
});
