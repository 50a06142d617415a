import { tcpProxy, type Cutter, type Fate, type TcpProxy } from './tcpProxy.js';

/** A request as it goes over the wire, its length before it. */
export interface KafkaRequest {
  /** Its kind, as Kafka's protocol numbers them. */
  readonly api: number;
  readonly bytes: Buffer;
}

export const isProduce = ({ api }: KafkaRequest): boolean => api === 0;
export const isFetch = ({ api }: KafkaRequest): boolean => api === 1;
export const isEndOfTransaction = ({ api }: KafkaRequest): boolean => api === 26;

/** The way of clients to a broker, where single requests are met. */
export interface KafkaDoor extends TcpProxy {
  /**
   * Waits for the next request of which `isIt` holds; that one meets the fate, and `then` runs before
   * anything else comes to the broker or to the client. Rejects when none has come for {@link PATIENCE}.
   * One waits at a time: the next call replaces it.
   */
  meet(isIt: (request: KafkaRequest) => boolean, fate: Fate, then?: () => void): Promise<void>;
}

export async function kafkaDoor(): Promise<KafkaDoor> {
  const proxy = await tcpProxy(wholeRequests);
  return {
    ...proxy,
    meet: (isIt, fate, then) =>
      new Promise((resolve, reject) => {
        const timer = setTimeout(() => reject(new Error(`met no such request in ${PATIENCE} ms: ${String(isIt)}`)), PATIENCE);
        proxy.judge((bytes) => {
          if (!isIt({ api: bytes.readInt16BE(LENGTH_BYTES), bytes })) return 'passes';
          clearTimeout(timer);
          proxy.judge(() => 'passes');
          then?.();
          resolve();
          return fate;
        });
      }),
  };
}

/** Ms. */
const PATIENCE = 60_000;

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
