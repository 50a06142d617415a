import { setTimeout as pause } from 'node:timers/promises';
import type { Emulator } from '../../src/emulator/startEmulator.js';
import { createPublisher } from '../../src/io/pubsubPublisher.js';
import type { Planned } from '../../src/simulate/planned.js';
import { closing, load, MOST_UNACKED } from './load.js';

const TICK = 50;

export interface Feed {
  /** What has been published, in its order. */
  readonly published: readonly Planned[];
  /** Publishes these at once. */
  send(messages: readonly Planned[]): Promise<void>;
  /** Publishes so many messages of the load as fast as {@link MOST_UNACKED} allows. */
  publish(count: number): Promise<void>;
  /** Publishes the load from now on, so far as {@link MOST_UNACKED} allows, until `stop`. */
  go(perSecond?: number): void;
  /** Fails if something could not be published. */
  stop(): Promise<void>;
  /** To be called when event time is not held back: from what is acked by now on, an event can be late beyond doubt. */
  mark(): void;
  /** Publishes what closes all sessions. To be called when everything is acked, for that is not to be late. */
  last(): Promise<void>;
  close(): Promise<void>;
}

/** The load of this seed, published to the topic; the emulator tells how far the subscription has come. */
export function feed(emulator: Emulator, topic: string, subscription: string, seed: number): Feed {
  const publisher = createPublisher({ projectTopic: topic, apiEndpoint: emulator.address });
  let known = 0;
  const planned = load(seed, () => known);
  const published: Planned[] = [];
  let firstId: number | undefined;
  let isOn = false;
  let going: Promise<unknown> = Promise.resolve();

  /** The emulator numbers messages in the order of publication. */
  const oldestUnacked = (): number => [...emulator.attempts(subscription).keys()].reduce((oldest, id) => Math.min(oldest, Number(id)), Infinity);

  /** How many messages were published since the oldest that is not acked. */
  const behind = (): number => (firstId === undefined ? 0 : Math.max(0, published.length - (oldestUnacked() - firstId)));

  const send: Feed['send'] = async (messages) => {
    await publisher.publish(messages.map(({ n, data }) => ({ data, attributes: { n: `${n}` } })));
    firstId ??= oldestUnacked();
    for (const message of messages) published.push(message);
  };

  /** As many of these as may be published now; returns how many those were. */
  const sendSome = async (most: number): Promise<number> => {
    const count = Math.min(most, MOST_UNACKED - behind());
    if (count > 0) await send(Array.from({ length: count }, () => planned.next().value));
    return Math.max(0, count);
  };

  const goOn = async (perSecond: number): Promise<void> => {
    while (isOn) await Promise.all([sendSome((perSecond * TICK) / 1_000), pause(TICK)]);
  };

  return {
    published,
    send,
    async publish(count) {
      for (let left = count; left > 0; ) {
        left -= await sendSome(left);
        if (left > 0) await pause(TICK);
      }
    },
    go(perSecond = 600) {
      isOn = true;
      going = goOn(perSecond);
      // Told by `stop`.
      going.catch(() => undefined);
    },
    async stop() {
      isOn = false;
      await going;
    },
    mark() {
      known = published.length - behind();
    },
    last: () => send([closing(published.length)]),
    async close() {
      isOn = false;
      await Promise.allSettled([going]);
      await publisher.close();
    },
  };
}
