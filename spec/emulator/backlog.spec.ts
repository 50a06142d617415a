import * as fc from 'fast-check';
import { Backlog, type DeliveryRules } from '../../src/emulator/backlog.js';
import { Holder } from '../../src/emulator/holder.js';
import type { PubsubMessage, ReceivedMessage } from '../../src/emulator/wire.js';

const PLAIN: DeliveryRules = { exactlyOnce: false, retry: undefined, maxDeliveryAttempts: undefined };

/** Every lease lasts 10 s here. */
const DEADLINE = 10_000;

const message = (text: string): PubsubMessage => ({
  data: Buffer.from(text),
  attributes: {},
  messageId: text,
  publishTime: { seconds: 0, nanos: 0 },
  orderingKey: '',
});

/** A backlog driven by words; a delivery is written as its message and attempt: `a1`. */
class Bench {
  readonly backlog: Backlog;
  readonly forwarded: string[] = [];
  private readonly ackIds = new Map<string, string>();
  private readonly attempts = new Map<string, number>();
  private readonly holder: Holder;

  constructor(rules: Partial<DeliveryRules> = {}, { room = Infinity, hasDeadLetterTopic = true } = {}) {
    this.holder = new Holder(room);
    this.backlog = new Backlog(7, { ...PLAIN, ...rules }, ({ messageId }, attempts) => {
      if (hasDeadLetterTopic) this.forwarded.push(`${messageId}${attempts}`);
      return hasDeadLetterTopic;
    });
  }

  do(step: string, now: number): string {
    const [verb = '', what = '', seconds = ''] = step.split(' ');
    const ackId = this.ackIds.get(what) ?? what;
    switch (verb) {
      case 'offer':
        this.backlog.offer(message(what), 1, now);
        return '';
      case 'delay':
        this.backlog.offer(message(what), 1, now, now + Number(seconds) * 1000);
        return '';
      case 'lease':
        return this.backlog.lease(this.holder, DEADLINE, now).map((it) => this.label(it)).join(' ');
      case 'ack':
        return this.backlog.acknowledge(ackId, now) ? 'yes' : 'no';
      case 'nack':
        return this.backlog.modifyDeadline(ackId, 0, now) ? 'yes' : 'no';
      case 'extend':
        return this.backlog.modifyDeadline(ackId, Number(seconds) * 1000, now) ? 'yes' : 'no';
      case 'expire':
        this.backlog.expireLeases(now);
        return '';
      case 'count': {
        const { undelivered, outstanding, acked, forwarded } = this.backlog.standing;
        return `${undelivered} undelivered, ${outstanding} outstanding, ${acked} acked, ${forwarded} forwarded`;
      }
      default:
        throw new Error(`no such step: ${step}`);
    }
  }

  private label({ ackId, message: { messageId } }: ReceivedMessage): string {
    const attempt = (this.attempts.get(messageId) ?? 0) + 1;
    this.attempts.set(messageId, attempt);
    this.ackIds.set(`${messageId}${attempt}`, ackId);
    return `${messageId}${attempt}`;
  }
}

/** At a time in ms, a step and what it answers. */
type Step = readonly [at: number, step: string, answer: string];

interface Case {
  readonly rule: string;
  readonly rules?: Partial<DeliveryRules>;
  readonly room?: number;
  readonly hasDeadLetterTopic?: boolean;
  readonly steps: readonly Step[];
  readonly forwarded?: readonly string[];
}

const retry = { minimum: 1_000, maximum: 3_000 };

const cases: readonly Case[] = [
  {
    rule: 'messages are leased once, in the order they came',
    steps: [[0, 'offer a', ''], [0, 'offer b', ''], [0, 'lease', 'a1 b1'], [0, 'lease', ''], [0, 'count', '0 undelivered, 2 outstanding, 0 acked, 0 forwarded']],
  },
  {
    rule: 'an acked message is gone, and its ack id with it',
    steps: [[0, 'offer a', ''], [0, 'lease', 'a1'], [1, 'ack a1', 'yes'], [2, 'ack a1', 'no'], [99_999, 'lease', ''], [99_999, 'count', '0 undelivered, 0 outstanding, 1 acked, 0 forwarded']],
  },
  {
    rule: 'a lease lapses at its deadline, not before',
    steps: [[0, 'offer a', ''], [0, 'lease', 'a1'], [9_999, 'lease', ''], [10_000, 'lease', 'a2']],
  },
  {
    rule: 'a new deadline counts from the moment it is given, longer or shorter than the old one',
    steps: [
      [0, 'offer a', ''], [0, 'offer b', ''], [0, 'lease', 'a1 b1'],
      [5_000, 'extend a1 20', 'yes'], [5_000, 'extend b1 1', 'yes'],
      [5_999, 'lease', ''], [6_000, 'lease', 'b2'], [6_000, 'ack b2', 'yes'], [24_999, 'lease', ''], [25_000, 'lease', 'a2'],
    ],
  },
  {
    rule: 'a nack gives the message back at once and ends its ack id',
    steps: [[0, 'offer a', ''], [0, 'lease', 'a1'], [1, 'nack a1', 'yes'], [1, 'ack a1', 'no'], [1, 'nack a1', 'no'], [1, 'lease', 'a2']],
  },
  {
    rule: 'redeliveries go before first deliveries',
    room: 1,
    steps: [[0, 'offer a', ''], [0, 'offer b', ''], [0, 'lease', 'a1'], [0, 'nack a1', 'yes'], [0, 'lease', 'a2'], [0, 'ack a2', 'yes'], [0, 'lease', 'b1']],
  },
  {
    rule: 'an ack after the deadline counts until the message is leased again',
    steps: [
      [0, 'offer a', ''], [0, 'offer b', ''], [0, 'lease', 'a1 b1'],
      [10_000, 'ack a1', 'yes'], [10_000, 'lease', 'b2'], [10_000, 'ack b1', 'no'], [10_000, 'ack b2', 'yes'],
    ],
  },
  {
    rule: 'a lapsed lease cannot be extended',
    steps: [[0, 'offer a', ''], [0, 'lease', 'a1'], [10_000, 'extend a1 20', 'no'], [10_000, 'lease', 'a2']],
  },
  {
    rule: 'with exactly-once delivery an ack id ends with its lease',
    rules: { exactlyOnce: true },
    steps: [[0, 'offer a', ''], [0, 'lease', 'a1'], [10_000, 'ack a1', 'no'], [10_000, 'lease', 'a2'], [10_001, 'ack a1', 'no'], [10_001, 'ack a2', 'yes']],
  },
  {
    rule: 'an unknown ack id is refused',
    steps: [[0, 'offer a', ''], [0, 'lease', 'a1'], [0, 'ack nonsense', 'no'], [0, 'extend nonsense 10', 'no']],
  },
  {
    rule: 'a holder gets as much as it has room for; acks, nacks and lapses make room',
    room: 2,
    steps: [
      [0, 'offer a', ''], [0, 'offer b', ''], [0, 'offer c', ''], [0, 'offer d', ''],
      [0, 'lease', 'a1 b1'], [1, 'lease', ''], [2, 'ack a1', 'yes'], [2, 'lease', 'c1'],
      [3, 'nack b1', 'yes'], [3, 'lease', 'b2'], [3, 'lease', ''], [3, 'extend b2 60', 'yes'],
      [10_001, 'lease', ''], [10_002, 'lease', 'c2'],
    ],
  },
  {
    rule: 'a retry policy makes a message wait after each failure, twice as long each time up to the maximum',
    rules: { retry },
    steps: [
      [0, 'offer a', ''], [0, 'lease', 'a1'],
      [0, 'nack a1', 'yes'], [999, 'lease', ''], [1_000, 'lease', 'a2'],
      [1_000, 'nack a2', 'yes'], [2_999, 'lease', ''], [3_000, 'lease', 'a3'],
      [13_000, 'lease', ''], [15_999, 'lease', ''], [16_000, 'lease', 'a4'],
    ],
  },
  {
    rule: 'an ack during the wait after a lapse ends it',
    rules: { retry },
    steps: [[0, 'offer a', ''], [0, 'lease', 'a1'], [10_500, 'ack a1', 'yes'], [99_999, 'lease', ''], [99_999, 'count', '0 undelivered, 0 outstanding, 1 acked, 0 forwarded']],
  },
  {
    rule: 'after so many failed deliveries, nacked or lapsed, a message is forwarded',
    rules: { maxDeliveryAttempts: 2 },
    steps: [
      [0, 'offer a', ''], [0, 'offer b', ''], [0, 'lease', 'a1 b1'],
      [1, 'nack a1', 'yes'], [1, 'lease', 'a2'], [2, 'nack a2', 'yes'],
      [10_000, 'lease', 'b2'], [20_000, 'lease', ''], [20_000, 'ack b2', 'no'],
      [20_000, 'count', '0 undelivered, 0 outstanding, 0 acked, 2 forwarded'],
    ],
    forwarded: ['a2', 'b2'],
  },
  {
    rule: 'a message that cannot be forwarded stays',
    rules: { maxDeliveryAttempts: 1 },
    hasDeadLetterTopic: false,
    steps: [[0, 'offer a', ''], [0, 'lease', 'a1'], [0, 'nack a1', 'yes'], [0, 'lease', 'a2'], [0, 'count', '0 undelivered, 1 outstanding, 0 acked, 0 forwarded']],
  },
  {
    rule: 'a message may be held back before its first delivery',
    steps: [[0, 'delay a 5', ''], [0, 'offer b', ''], [4_999, 'lease', 'b1'], [4_999, 'count', '1 undelivered, 1 outstanding, 0 acked, 0 forwarded'], [5_000, 'lease', 'a1']],
  },
  {
    rule: 'all leases can be made to lapse at once',
    steps: [[0, 'offer a', ''], [0, 'offer b', ''], [0, 'lease', 'a1 b1'], [1, 'expire', ''], [1, 'lease', 'a2 b2']],
  },
];

describe('Backlog', () => {
  test.each(cases)('$rule', ({ rules, steps, forwarded = [], ...options }) => {
    const bench = new Bench(rules, options);
    expect(steps.map(([at, step]) => [at, step, bench.do(step, at)])).toEqual(steps);
    expect(bench.forwarded).toEqual(forwarded);
  });

  test('one response has at most 1000 messages and stops at 4 MiB', () => {
    const backlog = new Backlog(1, PLAIN, () => false);
    for (let n = 0; n < 1_500; n++) backlog.offer(message(`m${n}`), 1, 0);
    for (let n = 0; n < 3; n++) backlog.offer(message(`big${n}`), 3 * 1024 * 1024, 0);
    const holder = new Holder();
    expect([1, 2, 3, 4].map(() => backlog.lease(holder, DEADLINE, 0).length)).toEqual([1_000, 502, 1, 0]);
  });

  test('bytes count as they do in the service: the last message may pass the limit, then nothing more comes', () => {
    const backlog = new Backlog(1, PLAIN, () => false);
    for (const text of ['a', 'b', 'c']) backlog.offer(message(text), 100, 0);
    const holder = new Holder(Infinity, 101);
    const [first] = backlog.lease(holder, DEADLINE, 0);
    expect(backlog.lease(holder, DEADLINE, 0)).toEqual([]);
    expect(backlog.acknowledge(first!.ackId, 0)).toBe(true);
    expect(backlog.lease(holder, DEADLINE, 0)).toHaveLength(1);
  });

  test('deliveries are numbered only under a dead-letter policy', () => {
    const attempt = (rules: DeliveryRules): number | undefined => {
      const backlog = new Backlog(1, rules, () => false);
      backlog.offer(message('a'), 1, 0);
      return backlog.lease(new Holder(), DEADLINE, 0)[0]?.deliveryAttempt;
    };
    expect(attempt(PLAIN)).toBe(0);
    expect(attempt({ ...PLAIN, maxDeliveryAttempts: 5 })).toBe(1);
  });

  test('deliveries are counted by their attempt', () => {
    const bench = new Bench();
    for (const [step, at] of [['offer a', 0], ['offer b', 0], ['lease', 0], ['nack a1', 0], ['lease', 0]] as const) bench.do(step, at);
    expect(bench.backlog.standing.deliveries).toEqual([2, 1]);
    expect([...bench.backlog.attempts]).toEqual([['a', 2], ['b', 1]]);
  });

  test('law: every message is undelivered, outstanding, acked or forwarded, and no holder has more than its room', () => {
    const step = fc.oneof(
      fc.constant('offer'),
      fc.constant('lease'),
      ...['ack', 'nack', 'extend'].map((verb) => fc.nat(30).map((n) => `${verb} ${n}`)),
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(step, fc.nat(4_000)), { maxLength: 150 }), fc.boolean(), (steps, exactlyOnce) => {
        const backlog = new Backlog(1, { exactlyOnce, retry, maxDeliveryAttempts: 3 }, () => true);
        const holder = new Holder(3);
        const ackIds: string[] = [];
        let now = 0;
        let offered = 0;
        for (const [what, wait] of steps) {
          now += wait;
          const [verb, n] = what.split(' ');
          const ackId = ackIds.at(-1 - Number(n)) ?? '';
          if (verb === 'offer') backlog.offer(message(`m${(offered += 1)}`), 1, now);
          else if (verb === 'lease') ackIds.push(...backlog.lease(holder, DEADLINE, now).map((it) => it.ackId));
          else if (verb === 'ack') backlog.acknowledge(ackId, now);
          else backlog.modifyDeadline(ackId, verb === 'nack' ? 0 : DEADLINE, now);

          const { undelivered, outstanding, acked, forwarded } = backlog.standing;
          expect(undelivered + outstanding + acked + forwarded).toBe(offered);
          expect(outstanding).toBeLessThanOrEqual(3);
          expect(holder.hasRoom).toBe(outstanding < 3);
        }
        // Left alone, all leases lapse and all waits end: nothing is stuck.
        backlog.advance(Infinity);
        expect(backlog.standing.outstanding).toBe(0);
        const open = backlog.standing.undelivered;
        expect(backlog.lease(new Holder(), DEADLINE, now)).toHaveLength(open);
      }),
    );
  });
});
