import type { protos, v1 } from '@google-cloud/pubsub';
import { Client, connectivityState, type ClientDuplexStream } from '@grpc/grpc-js';
import { Observable, defer, switchMap, take, takeUntil, tap, timer } from 'rxjs';
import type { Message } from '../model/message.js';
import type { SourceEvent } from '../runtime/ports.js';

type Request = protos.google.pubsub.v1.IStreamingPullRequest;
type Response = protos.google.pubsub.v1.IStreamingPullResponse;
type ReceivedMessage = protos.google.pubsub.v1.IReceivedMessage;

export type StreamEvent = Extract<SourceEvent, { readonly _tag: 'Opened' | 'Delivered' }>;

/** An empty request, sent every so often, keeps the service from taking a quiet stream for a dead one. */
const KEEP_ALIVE = 30_000;
/** How often a stream on which the server has not said a word yet is looked at. */
const OPEN_CHECK = 1_000;
/** How long the server may take to end a stream that we have half-closed. */
const CLOSING_TIME = 5_000;

/**
 * The generated client's own gRPC stub. Its `streamingPull` is used and not the client's: that one
 * reads through a second stream buffer, and what lies there when the stream breaks is lost, though leased.
 */
export interface PullStub extends Client {
  streamingPull(): ClientDuplexStream<Request, Response>;
}

/** Opens a stream with its first request; see {@link streamingPull}. */
export type Pull = (request: Request, close$: Observable<unknown>) => Observable<StreamEvent>;

export const pullStub = async (client: v1.SubscriberClient): Promise<PullStub> => {
  const stub = await client.initialize();
  if (!isPullStub(stub)) throw new TypeError('the Pub/Sub client has no streamingPull');
  return stub;
};

const isPullStub = (stub: object): stub is PullStub => stub instanceof Client && 'streamingPull' in stub;

/**
 * One StreamingPull call: `Opened`, then `Delivered` as responses come; completes when the server
 * ends it, else its error is the call's.
 *
 * Open means: the server has answered (headers or a response), or the connection stands and the
 * call has not been refused for a second, since a server may keep its headers until there is a message.
 *
 * When `close$` emits it is half-closed: the server sends nothing new, what is on its way still
 * arrives and is delivered, and the server ends it. (What is on its way to a cancelled call is lost,
 * and each of these messages counts as a failed delivery.)
 */
export const streamingPull = (stub: PullStub): Pull => (request, close$) =>
  defer(() => {
    const call = stub.streamingPull();
    call.write(request);
    const overdue$ = close$.pipe(
      take(1),
      tap(() => call.end()),
      switchMap(() => timer(CLOSING_TIME)),
    );
    const isConnected = (): boolean => stub.getChannel().getConnectivityState(false) === connectivityState.READY;
    return eventsOf(call, isConnected).pipe(takeUntil(overdue$));
  });

const eventsOf = (call: ClientDuplexStream<Request, Response>, isConnected: () => boolean): Observable<StreamEvent> =>
  new Observable((out) => {
    let isOpen = false;
    const open = (): void => {
      if (isOpen) return;
      isOpen = true;
      out.next({ _tag: 'Opened' });
    };
    const openCheck = setInterval(() => {
      if (isConnected()) open();
    }, OPEN_CHECK);
    const keepAlive = setInterval(() => {
      if (!call.writableEnded) call.write({});
    }, KEEP_ALIVE);

    let failure: unknown;
    call.on('metadata', open);
    call.on('data', ({ receivedMessages }: Response) => {
      try {
        open();
        if (receivedMessages && receivedMessages.length > 0) out.next({ _tag: 'Delivered', messages: receivedMessages.map(messageOf) });
      } catch (thrown) {
        out.error(thrown);
      }
    });
    // gRPC tells the error first, and the end when all that has arrived was read.
    call.on('error', (error) => (failure = error));
    call.on('end', () => (failure === undefined ? out.complete() : out.error(failure)));

    return () => {
      clearInterval(openCheck);
      clearInterval(keepAlive);
      call.cancel();
    };
  });

/** The body is a view on the response's bytes, not a copy. */
const messageOf = ({ ackId, deliveryAttempt, message }: ReceivedMessage): Message => {
  const { messageId, publishTime, attributes, data } = message ?? {};
  return {
    id: messageId === '' || messageId === null ? undefined : messageId,
    publishTime: publishTime ? Number(publishTime.seconds) * 1_000 + Math.trunc((publishTime.nanos ?? 0) / 1e6) : undefined,
    attributes: attributes ?? {},
    body: Buffer.isBuffer(data) ? data : Buffer.from(data ?? ''),
    deliveryAttempt: deliveryAttempt === 0 || deliveryAttempt === null ? undefined : deliveryAttempt,
    receipt: ackId ?? '',
  };
};
