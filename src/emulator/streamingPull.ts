import type { handleBidiStreamingCall, ServerDuplexStream } from '@grpc/grpc-js';
import type { Subscribed } from './broker.js';
import type { Consumer, Dispatcher } from './dispatcher.js';
import type { Emulation } from './emulation.js';
import { Holder } from './holder.js';
import { invalid, Refusal } from './refusal.js';
import { ackDeadline } from './settings.js';
import type { Confirmation, ReceivedMessage, StreamingPullRequest, StreamingPullResponse } from './wire.js';

type Call = ServerDuplexStream<StreamingPullRequest, StreamingPullResponse>;

/** `StreamingPull`: the first request opens the stream, later ones ack, change deadlines or keep it alive. */
export const streamingPull =
  (emulation: Emulation): handleBidiStreamingCall<StreamingPullRequest, StreamingPullResponse> =>
  (call) => {
    let stream: PullStream | undefined;
    call.on('data', (request: StreamingPullRequest) => {
      try {
        if (stream) stream.handle(request);
        else stream = new PullStream(emulation, call, request);
      } catch (thrown) {
        if (!(thrown instanceof Refusal)) throw thrown;
        stream?.leave();
        endWith(call, thrown);
      }
    });
    call.on('end', () => {
      stream?.leave();
      call.end();
    });
    call.on('cancelled', () => stream?.leave());
  };

/** Ends the call with an error; what the client still sends is not looked at. */
function endWith(call: Call, reason: Refusal): void {
  call.removeAllListeners('data');
  call.emit('error', reason);
}

class PullStream implements Consumer {
  readonly holder: Holder;
  deadline: number;
  ready = true;
  private readonly subscribed: Subscribed;
  private readonly dispatcher: Dispatcher;
  private readonly answersPings: boolean;

  constructor(
    private readonly emulation: Emulation,
    private readonly call: Call,
    request: StreamingPullRequest,
  ) {
    this.subscribed = emulation.broker.subscription(request.subscription);
    this.dispatcher = emulation.dispatcher(this.subscribed);
    this.deadline = ackDeadline(request.streamAckDeadlineSeconds, 10);
    this.holder = new Holder(limit(request.maxOutstandingMessages), limit(request.maxOutstandingBytes));
    this.answersPings = request.protocolVersion >= 1;
    this.settle(request);
    call.on('drain', () => {
      this.ready = true;
      this.dispatcher.wake();
    });
    this.dispatcher.add(this);
  }

  handle(request: StreamingPullRequest): void {
    if (request.subscription !== '') throw invalid('subscription may only be set in the first request of a stream.');
    if (request.maxOutstandingMessages !== 0 || request.maxOutstandingBytes !== 0) {
      throw invalid('Flow control settings may only be set in the first request of a stream.');
    }
    if (request.streamAckDeadlineSeconds !== 0) this.deadline = ackDeadline(request.streamAckDeadlineSeconds, 10);
    const isPing = request.ackIds.length + request.modifyDeadlineAckIds.length + request.streamAckDeadlineSeconds === 0;
    if (isPing && this.answersPings) this.write({});
    else this.settle(request);
  }

  send(receivedMessages: readonly ReceivedMessage[]): void {
    const exactlyOnceDeliveryEnabled = this.subscribed.settings.enableExactlyOnceDelivery;
    this.write({ receivedMessages, subscriptionProperties: { exactlyOnceDeliveryEnabled, messageOrderingEnabled: false } });
  }

  end(reason: Refusal): void {
    this.leave();
    endWith(this.call, reason);
  }

  leave(): void {
    this.dispatcher.remove(this);
  }

  private write(response: StreamingPullResponse): void {
    this.ready = this.call.write(response);
  }

  /** Does the request's acks and deadline changes; exactly-once delivery confirms them on the stream. */
  private settle({ ackIds, modifyDeadlineAckIds, modifyDeadlineSeconds }: StreamingPullRequest): void {
    if (modifyDeadlineAckIds.length !== modifyDeadlineSeconds.length) {
      throw invalid('modify_deadline_ack_ids and modify_deadline_seconds must have the same length.');
    }
    if (ackIds.length + modifyDeadlineAckIds.length === 0) return;
    const deadlines = modifyDeadlineSeconds.map((seconds) => ackDeadline(seconds, 0));
    const now = this.emulation.clock();
    const { backlog, settings } = this.subscribed;
    const acked = this.acknowledge(ackIds, now);
    const modified = confirmation(modifyDeadlineAckIds, (ackId, index) => backlog.modifyDeadline(ackId, deadlines[index] ?? 0, now));
    this.dispatcher.wake();
    if (!settings.enableExactlyOnceDelivery) return;
    this.write({
      ...(ackIds.length > 0 && { acknowledgeConfirmation: acked }),
      ...(modifyDeadlineAckIds.length > 0 && { modifyAckDeadlineConfirmation: modified }),
    });
  }

  private acknowledge(ackIds: readonly string[], now: number): Confirmation {
    const { backlog, disturbance } = this.subscribed;
    switch (disturbance.acks) {
      case 'refused':
        return { ackIds: [], invalidAckIds: [], temporaryFailedAckIds: ackIds };
      case 'lost':
        return { ackIds, invalidAckIds: [], temporaryFailedAckIds: [] };
      case undefined:
        return confirmation(ackIds, (ackId) => backlog.acknowledge(ackId, now));
    }
  }
}

/** A limit of 0 or less is none. */
const limit = (given: number): number => (given > 0 ? given : Infinity);

function confirmation(all: readonly string[], act: (ackId: string, index: number) => boolean): Confirmation {
  const ackIds: string[] = [];
  const invalidAckIds: string[] = [];
  all.forEach((ackId, index) => (act(ackId, index) ? ackIds : invalidAckIds).push(ackId));
  return { ackIds, invalidAckIds, temporaryFailedAckIds: [] };
}
