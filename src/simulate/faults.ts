import type { Millis } from '../../operators/index.js';

/** What can go wrong, by the names of `--faults`. */
export const FAULTS = {
  crash: 'the process dies, at any moment or at a request of its choice, and another one goes on',
  restart: 'the process is told to stop, and another one goes on',
  pause: 'the process stands still, if need be for longer than a transaction may last',
  fence: 'a second instance takes the job over while the first one runs',
  timeout: 'a request to Kafka, or the answer to it, is lost',
  outage: 'Kafka cannot be reached for a while',
  cut: "Pub/Sub's streams are cut, with what is on its way",
  ack: 'acks are refused, or come to nothing',
  redeliver: 'all leases end at once, so that what is held is delivered again',
  duplicate: 'messages are delivered twice',
  reorder: 'messages are delivered late, and overtaken by others',
  poison: 'messages break the pipeline, once or every time',
} as const;

export type FaultName = keyof typeof FAULTS;

export const FAULT_NAMES = Object.keys(FAULTS).filter((name): name is FaultName => name in FAULTS);

/** What becomes of acks: `lost` are answered as done, `refused` are not done and answered so. */
export type AckFault = 'lost' | 'refused';

/** A request at which something happens, and whether it still arrives. */
export interface Ambush {
  readonly request: 'become producer' | 'read' | 'send' | 'commit' | 'ack';
  readonly arrives: boolean;
}

/** Something that goes wrong at a time. */
export type Fault =
  /** Without an ambush: at once. `down`: until the next instance starts. */
  | { readonly name: 'crash'; readonly ambush: Ambush | undefined; readonly down: Millis }
  | { readonly name: 'restart'; readonly down: Millis }
  | { readonly name: 'pause'; readonly ambush: Ambush | undefined; readonly lasts: Millis }
  /** The former instance stands still meanwhile, and goes on when it has been succeeded. */
  | { readonly name: 'fence'; readonly ambush: Ambush | undefined; readonly lasts: Millis }
  | { readonly name: 'timeout'; readonly ambush: Ambush }
  | { readonly name: 'outage'; readonly lasts: Millis }
  | { readonly name: 'cut' }
  | { readonly name: 'ack'; readonly acks: AckFault; readonly lasts: Millis }
  | { readonly name: 'redeliver' };

const seconds = (millis: Millis): string => `${Number((millis / 1_000).toFixed(1))} s`;

const placeOf = (ambush: Ambush | undefined): string =>
  ambush === undefined ? '' : ` ${ambush.arrives ? 'right after' : 'right before'} the next request "${ambush.request}" reaches its broker`;

/** In words. */
export const describeFault = (fault: Fault): string => {
  switch (fault.name) {
    case 'crash':
      return `crash: the process dies${placeOf(fault.ambush)}, and the next one starts ${seconds(fault.down)} later`;
    case 'restart':
      return `restart: the process is told to stop, and the next one starts ${seconds(fault.down)} after it`;
    case 'pause':
      return `pause: the process stands still for ${seconds(fault.lasts)}${placeOf(fault.ambush)}`;
    case 'fence':
      return `fence: the process stands still for ${seconds(fault.lasts)}${placeOf(fault.ambush)}, and meanwhile another one takes over`;
    case 'timeout':
      return `timeout: ${fault.ambush.arrives ? 'the answer to' : ''} the next request "${fault.ambush.request}" is lost`.replace('  ', ' ');
    case 'outage':
      return `outage: Kafka cannot be reached for ${seconds(fault.lasts)}`;
    case 'cut':
      return 'cut: the streams are cut';
    case 'ack':
      return `ack: acks ${fault.acks === 'lost' ? 'come to nothing' : 'are refused'} for ${seconds(fault.lasts)}`;
    case 'redeliver':
      return 'redeliver: all leases end';
  }
};
