import { Server, ServerCredentials } from '@grpc/grpc-js';
import type { Standing } from './backlog.js';
import { Disturbance, type Faults } from './disturbance.js';
import { Emulation } from './emulation.js';
import { service } from './protos.js';
import { publisherService } from './publisherService.js';
import { subscriberService } from './subscriberService.js';

export interface EmulatorOptions {
  /** Default 127.0.0.1. */
  readonly host?: string;
  /** Default 0: any free one. */
  readonly port?: number;
  /** Ms since the epoch, never going back: the time of leases, waits and publish times. Default: the system's, read once and then counted on. */
  readonly clock?: () => number;
}

/** How a subscription stands, and who reads it. */
export interface Inspection extends Standing {
  /** Streams that are open and pulls that wait. */
  readonly consumers: number;
}

/** A Pub/Sub server inside this process, its state in memory. Names are full ones, `projects/P/subscriptions/S`. */
export interface Emulator {
  /** `host:port`, as `PUBSUB_EMULATOR_HOST` wants it. */
  readonly address: string;
  /** Makes things go wrong. */
  readonly faults: {
    /** Sets what goes wrong with this subscription from now on; `{}` mends it. */
    set(subscription: string, faults: Faults): void;
    /** Ends every open stream and waiting pull with UNAVAILABLE. Leases stay. */
    cutStreams(): void;
    /** Lets all leases of the subscription lapse now; each counts as a failed delivery. */
    expireLeases(subscription: string): void;
  };
  inspect(subscription: string): Inspection;
  /** Delivery attempts so far of every message that is neither acked nor forwarded, by message id. Walks all of them. */
  attempts(subscription: string): ReadonlyMap<string, number>;
  /** Ends all calls at once with UNAVAILABLE, frees the port and forgets everything. */
  close(): Promise<void>;
}

/** One publish request may carry 10 MiB of messages; what is larger still deserves a proper answer. */
const MAX_REQUEST_BYTES = 20 * 1024 * 1024;

/** A client that has not closed its connection after so long is not waited for, ms. */
const PATIENCE = 200;

/** Rejects when the port cannot be had. */
export async function startEmulator({ host = '127.0.0.1', port = 0, clock = steadyClock() }: EmulatorOptions = {}): Promise<Emulator> {
  const emulation = new Emulation(clock);
  const { broker } = emulation;
  const server = new Server({ 'grpc.max_receive_message_length': MAX_REQUEST_BYTES });
  server.addService(service('Publisher'), publisherService(emulation));
  server.addService(service('Subscriber'), subscriberService(emulation));
  const authority = host.includes(':') ? `[${host}]` : host;
  const bound = await new Promise<number>((resolve, reject) => {
    server.bindAsync(`${authority}:${port}`, ServerCredentials.createInsecure(), (error, at) => {
      if (error) reject(new Error(`The Pub/Sub emulator cannot listen on ${authority}:${port}: ${error.message}`));
      else resolve(at);
    });
  });

  return {
    address: `${authority}:${bound}`,
    faults: {
      set(name, faults) {
        broker.subscription(name).disturbance = new Disturbance(faults);
      },
      cutStreams() {
        emulation.cutStreams();
      },
      expireLeases(name) {
        const subscribed = broker.subscription(name);
        subscribed.backlog.expireLeases(clock());
        emulation.dispatcher(subscribed).wake();
      },
    },
    inspect(name) {
      const subscribed = broker.subscription(name);
      return { ...subscribed.backlog.standing, consumers: emulation.dispatcher(subscribed).size };
    },
    attempts: (name) => broker.subscription(name).backlog.attempts,
    close: () =>
      new Promise((resolve) => {
        emulation.close();
        const force = setTimeout(() => {
          server.forceShutdown();
          resolve();
        }, PATIENCE);
        server.tryShutdown(() => {
          clearTimeout(force);
          resolve();
        });
      }),
  };
}

/** Is not set back, and does not jump, when the system's clock is changed. */
function steadyClock(): () => number {
  const origin = Date.now() - performance.now();
  return () => origin + performance.now();
}
