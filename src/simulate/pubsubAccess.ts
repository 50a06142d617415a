import { Observable, ignoreElements, take, tap } from 'rxjs';
import type { Millis } from '../../operators/index.js';
import { Holder } from '../emulator/holder.js';
import type { ReceivedMessage } from '../emulator/wire.js';
import type { PubsubConnection, PubsubPort } from '../io/pubsubSource.js';
import type { Pull, StreamEvent } from '../io/pubsubStream.js';
import type { Message } from '../model/message.js';
import { alongside } from '../runtime/alongside.js';
import type { AckFault } from './faults.js';
import type { Network } from './network.js';
import type { ModelStream, PubsubModel } from './pubsubModel.js';
import type { SimulatedProcess } from './simulatedProcess.js';

/** gRPC's numbers of what the service may answer. */
const INVALID_ARGUMENT = 3;
const DEADLINE_EXCEEDED = 4;
const UNAVAILABLE = 14;

/** What goes wrong between subscription and reader, by now. */
export interface PubsubFaults {
  acks(): AckFault | undefined;
}

/** Of one way of a stream; always the same, so that responses do not overtake each other. */
const STREAM_LATENCY: Millis = 4;

/** The streams of all processes, so that they can be cut. */
export class OpenStreams {
  private readonly cuts = new Set<() => void>();

  add(cut: () => void): () => void {
    this.cuts.add(cut);
    return () => this.cuts.delete(cut);
  }

  /** The server ends them all; what is on its way is lost. */
  cut(): void {
    for (const cut of [...this.cuts]) cut();
  }
}

/** The way of a process to the modelled subscription: what `src/io` does by Google's client, with the same failures. */
export const pubsubAccess = (
  { model, network, streams, faults }: { readonly model: PubsubModel; readonly network: Network; readonly streams: OpenStreams; readonly faults: PubsubFaults },
  process: SimulatedProcess,
): PubsubPort => {
  const ask = <A>(kind: 'ack' | 'extend' | 'connect', patience: Millis, act: () => A): Promise<A> =>
    network.ask(process, {
      kind, patience,
      act: (answer) => answer(act()),
      noAnswer: () => failure(DEADLINE_EXCEEDED, 'DEADLINE_EXCEEDED: no answer'),
      refused: asError,
    });

  const pull: Pull = ({ maxOutstandingMessages, maxOutstandingBytes, streamAckDeadlineSeconds }, close$) => {
    let halfClose: () => void = () => undefined;
    const events$ = new Observable<StreamEvent>((out) => {
      let isCut = false;
      let leave: () => void = () => undefined;
      const opened = (): void => {
        const stream: ModelStream = {
          holder: new Holder(limit(maxOutstandingMessages), limit(maxOutstandingBytes)),
          deadline: Number(streamAckDeadlineSeconds) * 1_000,
          send: (messages) => void process.after(STREAM_LATENCY, () => {
            network.isBusy = true;
            if (!out.closed && !isCut) out.next({ _tag: 'Delivered', messages: messages.map(messageOf) });
          }),
        };
        leave = () => model.close(stream);
        model.open(stream);
        out.add(leave);
        out.next({ _tag: 'Opened' });
        halfClose = () => {
          leave();
          // What is on its way still arrives.
          process.after(2 * STREAM_LATENCY, () => out.complete());
        };
      };
      out.add(streams.add(() => {
        isCut = true;
        leave();
        process.after(STREAM_LATENCY, () => out.error(failure(UNAVAILABLE, 'UNAVAILABLE: the server has ended the stream')));
      }));
      halfClose = () => out.complete();
      network.ask<undefined>(process, {
        kind: 'pull', patience: 10_000, act: (answer) => answer(undefined),
        noAnswer: () => failure(UNAVAILABLE, 'UNAVAILABLE: no connection'),
        refused: asError,
      }).then(() => { if (!out.closed && !isCut) opened(); }, (error: unknown) => out.error(error));
    });
    return events$.pipe(alongside(close$.pipe(take(1), tap(() => halfClose()), ignoreElements())));
  };

  const connection: PubsubConnection = {
    client: {
      acknowledge: ({ ackIds }, { timeout }) =>
        ask('ack', timeout, () => {
          const fault = faults.acks();
          if (fault === 'refused') throw failure(UNAVAILABLE, 'UNAVAILABLE: acks are refused for now');
          if (fault === undefined) refuse(model.acknowledge(ackIds));
        }),
      modifyAckDeadline: ({ ackIds, ackDeadlineSeconds }, { timeout }) => ask('extend', timeout, () => refuse(model.modifyDeadline(ackIds, ackDeadlineSeconds * 1_000))),
      close: () => Promise.resolve(),
    },
    pull: () => Promise.resolve(pull),
    facts: () =>
      ask('connect', 10_000, () => ({
        ackDeadline: 10_000, retryMaximum: model.rules.retry?.maximum, exactlyOnce: model.rules.exactlyOnce, maxDeliveryAttempts: undefined,
      })),
  };
  return { machine: process.machine, connect: () => ask('connect', 10_000, () => connection) };
};

const refuse = (ackIds: readonly string[]): void => {
  if (ackIds.length === 0) return;
  throw Object.assign(failure(INVALID_ARGUMENT, 'INVALID_ARGUMENT: some ack ids were invalid'), {
    reason: 'EXACTLY_ONCE_ACKID_FAILURE',
    errorInfoMetadata: Object.fromEntries(ackIds.map((ackId) => [ackId, 'PERMANENT_FAILURE_INVALID_ACK_ID'])),
  });
};

/** As the service has it, a limit of 0 is none. */
const limit = (given: unknown): number => (Number(given) > 0 ? Number(given) : Infinity);

const asError = (thrown: unknown): Error => (thrown instanceof Error ? thrown : new Error(String(thrown)));

const failure = (code: number, text: string): Error => Object.assign(new Error(`${code} ${text}`), { code });

const messageOf = ({ ackId, message: { messageId, publishTime, attributes, data } }: ReceivedMessage): Message => ({
  id: messageId,
  publishTime: publishTime.seconds * 1_000 + Math.trunc(publishTime.nanos / 1e6),
  attributes,
  body: data,
  deliveryAttempt: undefined,
  receipt: ackId,
});
