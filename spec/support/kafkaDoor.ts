import { tcpProxy, type Cutter, type Fate, type TcpProxy } from './tcpProxy.js';

/** Requests of Kafka's protocol by their number in it. */
export const API = { produce: 0, fetch: 1, initProducerId: 22, addPartitions: 24, endTransaction: 26 } as const;

/** A request as it goes over the wire, its length before it. */
export interface KafkaRequest {
  readonly api: number;
  readonly bytes: Buffer;
}

/** The way of clients to a broker, where single requests are met. */
export interface KafkaDoor extends TcpProxy {
  /**
   * Waits for the next request of which `isIt` holds; that one meets the fate, and `then` runs before
   * anything else comes to the broker or to the client. One waits at a time: the next call replaces it.
   */
  meet(isIt: (request: KafkaRequest) => boolean, fate: Fate, then?: () => void): Promise<void>;
}

export async function kafkaDoor(): Promise<KafkaDoor> {
  const proxy = await tcpProxy(wholeRequests);
  return {
    ...proxy,
    meet: (isIt, fate, then) =>
      new Promise((resolve) => {
        proxy.judge((bytes) => {
          if (!isIt({ api: bytes.readInt16BE(LENGTH_BYTES), bytes })) return 'passes';
          proxy.judge(() => 'passes');
          then?.();
          resolve();
          return fate;
        });
      }),
  };
}

const LENGTH_BYTES = 4;

const wholeRequests = (): Cutter => {
  let rest: Buffer = Buffer.alloc(0);
  return (arrived) => {
    rest = Buffer.concat([rest, arrived]);
    const requests: Buffer[] = [];
    while (rest.length >= LENGTH_BYTES) {
      const end = LENGTH_BYTES + rest.readInt32BE(0);
      if (rest.length < end) break;
      requests.push(rest.subarray(0, end));
      rest = rest.subarray(end);
    }
    return requests;
  };
};
