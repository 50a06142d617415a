/** A transaction of a producer, as the port has it. */
export interface Transacting {
  send(...texts: readonly string[]): Promise<void>;
  commit(): Promise<void>;
}

/** A broker, real or modelled, with a topic of one partition that is new for every rule. */
export interface Brokers {
  /** A producer of the transactional id, which has begun a transaction; `timeout` in ms. */
  readonly begin: (timeout?: number) => Promise<Transacting>;
  /** The committed texts in the topic by now, as its readers see them. */
  readonly committed: () => Promise<readonly string[]>;
  /** Deletes the first records, marks included, and tells which committed ones are left. */
  readonly trim: (count: number) => Promise<readonly string[]>;
  readonly pause: (millis: number) => Promise<void>;
}

export interface KafkaRule {
  readonly rule: string;
  readonly check: (brokers: Brokers) => Promise<void>;
}

const kindOf = (task: Promise<unknown>): Promise<unknown> => task.then(() => 'done', (error: unknown) => (typeof error === 'object' && error !== null && 'kind' in error ? error.kind : error));

/** What the pipeline builds upon. */
export const KAFKA_RULES: readonly KafkaRule[] = [
  {
    rule: 'a transaction is seen as a whole once it is committed, and not before',
    async check(brokers) {
      const transaction = await brokers.begin();
      await transaction.send('a', 'b');
      await transaction.send('c');
      await transaction.commit();
      expect(await brokers.committed()).toEqual(['a', 'b', 'c']);
    },
  },
  {
    rule: 'a new producer of the id aborts what the one before it has left open, and fences it',
    async check(brokers) {
      const zombie = await brokers.begin();
      await zombie.send('lost');
      const next = await brokers.begin();
      expect(await kindOf(zombie.send('too late'))).toBe('fenced');
      await next.send('kept');
      await next.commit();
      expect(await brokers.committed()).toEqual(['kept']);
    },
  },
  {
    rule: 'the commit of a fenced producer is refused, and nothing of it is ever seen',
    async check(brokers) {
      const zombie = await brokers.begin();
      await zombie.send('lost');
      const next = await brokers.begin();
      expect(await kindOf(zombie.commit())).toBe('fenced');
      await next.send('kept');
      await next.commit();
      expect(await brokers.committed()).toEqual(['kept']);
    },
  },
  {
    rule: 'what was committed before a takeover stays',
    async check(brokers) {
      const first = await brokers.begin();
      await first.send('first');
      await first.commit();
      const next = await brokers.begin();
      await next.send('second');
      await next.commit();
      expect(await brokers.committed()).toEqual(['first', 'second']);
    },
  },
  {
    rule: 'a transaction that outlives its timeout is aborted, and its producer is fenced though nobody has taken over',
    async check(brokers) {
      const slow = await brokers.begin(1_000);
      await slow.send('lost');
      await brokers.pause(3_000);
      expect(await kindOf(slow.commit())).toBe('fenced');
      const next = await brokers.begin();
      await next.send('kept');
      await next.commit();
      expect(await brokers.committed()).toEqual(['kept']);
    },
  },
  {
    rule: 'offsets count the mark of a transaction, and what is below the offset of a trim is gone',
    async check(brokers) {
      for (const text of ['a', 'b', 'c']) {
        const transaction = await brokers.begin();
        await transaction.send(text);
        await transaction.commit();
      }
      // a, its mark, b, its mark
      expect(await brokers.trim(4)).toEqual(['c']);
    },
  },
];
