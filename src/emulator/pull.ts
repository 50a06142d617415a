import type { handleUnaryCall } from '@grpc/grpc-js';
import type { Consumer } from './dispatcher.js';
import type { Emulation } from './emulation.js';
import { Holder } from './holder.js';
import { invalid } from './refusal.js';
import { refusable } from './unary.js';
import type { ReceivedMessage } from './wire.js';

interface PullRequest {
  readonly subscription: string;
  readonly maxMessages: number;
  readonly returnImmediately: boolean;
}

interface PullResponse {
  readonly receivedMessages: readonly ReceivedMessage[];
}

/** A pull that finds nothing waits so long for a message, ms. */
const WAIT = 1_000;

/** `Pull`: the messages there are, else the next to come, else none after a while. */
export const pull = (emulation: Emulation): handleUnaryCall<PullRequest, PullResponse> =>
  refusable((call, callback) => {
    const { subscription, maxMessages, returnImmediately } = call.request;
    const subscribed = emulation.broker.subscription(subscription);
    if (maxMessages <= 0) throw invalid(`max_messages must be positive, got ${maxMessages}.`);
    const dispatcher = emulation.dispatcher(subscribed);

    const leave = (): void => {
      clearTimeout(timer);
      dispatcher.remove(consumer);
    };
    const answer = (receivedMessages: readonly ReceivedMessage[]): void => {
      leave();
      callback(null, { receivedMessages });
    };
    const consumer: Consumer = {
      holder: new Holder(maxMessages),
      deadline: subscribed.settings.ackDeadlineSeconds * 1000,
      ready: true,
      send: answer,
      end(reason) {
        leave();
        callback(reason);
      },
    };
    const timer = setTimeout(answer, WAIT, []);
    call.on('cancelled', leave);
    dispatcher.add(consumer);
    if (returnImmediately && !dispatcher.deliverNow(consumer)) answer([]);
  });
