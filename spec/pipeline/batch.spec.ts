import * as fc from 'fast-check';
import type { Message } from '../../src/model/message.js';
import { traffic, type TrafficOptions } from '../../src/traffic/traffic.js';
import { inBatch, lastTold, looked, revisions } from './batch.js';
import { eventOf, message, MINUTE, playMessages, SECOND, T0, type Changes, type Played } from './play.js';

interface Step {
  readonly session: string;
  readonly page: string;
  /** How long after the view before it in its session: this decides where sessions are cut. */
  readonly after: number;
  readonly batch: readonly number[] | undefined;
  readonly numbersAsText: boolean;
  readonly again: 'no' | 'same id' | 'new id';
}

interface Happened extends Step {
  readonly at: number;
  readonly id: string;
}

const step: fc.Arbitrary<Step> = fc.record({
  session: fc.constantFrom('a', 'a', 'b', 'c'),
  after: fc.oneof(fc.constant(0), fc.constantFrom(1, 59_999, 60_000, 60_001), fc.nat(30_000), fc.nat(200_000)),
  page: fc.constantFrom('A', 'B', 'C', ' A', 'b'),
  batch: fc.option(fc.tuple(fc.nat(1), fc.nat(12), fc.nat(2)), { nil: undefined }),
  numbersAsText: fc.boolean(),
  again: fc.constantFrom('no', 'no', 'no', 'same id', 'new id'),
});

const happenings: fc.Arbitrary<readonly Happened[]> = fc.array(step, { minLength: 1, maxLength: 60 }).map((steps) => {
  const clocks = new Map<string, number>();
  return steps.map((it, place) => {
    const at = (clocks.get(it.session) ?? 0) + it.after;
    clocks.set(it.session, at);
    return { ...it, at, id: `m${place}` };
  });
});

const DISORDER = 10 * SECOND;

/** Messages in one order of arrival: each at most {@link DISORDER} after it happened, and so are those that come again. */
const arrivalOf = (views: readonly Happened[], delays: readonly number[]): Message[] => {
  // One view, one body: GA4 never exports one event with two sets of batch fields.
  const contents = new Map<string, string>();
  const sent = views.flatMap((view, place) => {
    const identity = JSON.stringify([view.session, view.at, view.page]);
    const numbers = view.batch?.map((n) => (view.numbersAsText ? `${n}` : n));
    const fields = numbers ? { batch_page_id: numbers[0], batch_ordering_id: numbers[1], batch_event_index: numbers[2] } : {};
    const body = contents.get(identity) ?? JSON.stringify(eventOf({ session: view.session, page: view.page, at: view.at / SECOND, fields }));
    contents.set(identity, body);
    const one = (id: string, delay: number) => ({ body, id, at: view.at + delay });
    const delay = delays[(2 * place) % delays.length] ?? 0;
    const first = one(view.id, delay);
    if (view.again === 'no') return [first];
    return [first, one(view.again === 'same id' ? view.id : `${view.id} again`, delays[(2 * place + 1) % delays.length] ?? 0)];
  });
  return sent.sort((a, b) => a.at - b.at).map(({ body, id, at }) => message(body, { at: at / SECOND, id }));
};

const delays = fc.array(fc.oneof(fc.constantFrom(0, DISORDER), fc.nat(DISORDER)), { minLength: 1, maxLength: 120 });

const early = fc.constantFrom(undefined, 30 * SECOND, 7 * SECOND);

const expectInTime = (messages: readonly Message[], { deadLetters, counts }: Played): void => {
  expect(deadLetters).toEqual([]);
  const distinct = new Set(messages.map((it) => { const { key, at, title } = looked(it); return JSON.stringify([key, at, title]); }));
  expect(counts).toMatchObject({ received: messages.length, closed: distinct.size, duplicates: messages.length - distinct.size, held: 0 });
};

describe('the last revisions are what a batch job finds', () => {
  test('law: in whatever order the views arrive within the disorder, with or without early panes', () => {
    fc.assert(
      fc.property(happenings, delays, delays, early, fc.constantFrom('gap', 'omit'), (views, oneWay, another, earlyTrigger, lastPage) => {
        const changes: Changes = { windows: { earlyTrigger }, results: { lastPage } };
        for (const order of [oneWay, another]) {
          const messages = arrivalOf(views, order);
          const played = playMessages(messages, changes);
          expectInTime(messages, played);
          expect(lastTold(played.results)).toEqual(inBatch(messages, { lastPage }));
        }
      }),
      { numRuns: 400 },
    );
  });

  test('law: also when the open page is shown early, and when late events are allowed', () => {
    fc.assert(
      fc.property(happenings, delays, early, fc.nat(5 * MINUTE), (views, order, earlyTrigger, allowedLateness) => {
        const messages = arrivalOf(views, order);
        const played = playMessages(messages, { windows: { earlyTrigger, allowedLateness }, results: { earlyLastPage: true } });
        expectInTime(messages, played);
        expect(lastTold(played.results)).toEqual(inBatch(messages));
      }),
      { numRuns: 200 },
    );
  });

  test('law: for any gap', () => {
    fc.assert(
      fc.property(happenings, delays, fc.constantFrom(1, SECOND, 30 * SECOND, 30 * MINUTE), (views, order, gap) => {
        const messages = arrivalOf(views, order);
        const played = playMessages(messages, { windows: { gap, historicTimeout: 2 * gap } });
        const accepted = messages.filter((it) => !played.deadLetters.some(({ message: refused }) => refused === it));
        expect(lastTold(played.results)).toEqual(inBatch(accepted, { gap }));
        expect(gap < DISORDER || played.deadLetters.length === 0).toBe(true);
      }),
      { numRuns: 200 },
    );
  });

  test('law: without early panes and late events every result is told once, by the final pane of its session', () => {
    fc.assert(
      fc.property(happenings, delays, (views, order) => {
        const { results } = playMessages(arrivalOf(views, order), { windows: { earlyTrigger: undefined } });
        for (const told of revisions(results).values()) {
          expect(told).toHaveLength(1);
          expect(told[0]?.emitted).toMatchObject({ revision: 0, pane: { timing: 'ON_TIME', isFirst: true, isLast: true, index: 0, forced: false } });
        }
      }),
    );
  });
});

describe('synthetic traffic of a shop', () => {
  const published = (minutes: number, options: Partial<TrafficOptions>) => {
    const publications = [];
    for (const publication of traffic({ seed: 7, start: T0, rate: 20, ...options })) {
      if (publication.publishAt >= T0 + minutes * MINUTE) break;
      publications.push(publication);
    }
    return publications.map((publication) => ({
      kind: publication.kind,
      message: { ...message(publication.data, { at: (publication.publishAt - T0) / SECOND, id: publication.id }), attributes: publication.attributes },
    }));
  };

  const busy = { redelivered: 0.05, republished: 0.05, invalid: 0.05, late: 0.05, offline: 0.05, historic: 0.05, future: 0.01 };

  test.each([1, 2, 3])('seed %i: what was accepted, late and historic or not, is told as a batch job would; nothing is lost', (seed) => {
    const all = published(8, { seed, shares: busy });
    const played = playMessages(all.map((it) => it.message));
    const refused = new Map(played.deadLetters.map(({ message: of, reason }) => [of, reason]));
    const accepted = all.filter((it) => !refused.has(it.message));

    expect(played.counts.received).toBe(all.length);
    expect(lastTold(played.results)).toEqual(inBatch(accepted.map((it) => it.message)));
    expect(played.results.some(({ emitted }) => emitted.pane.historic)).toBe(true);
    for (const { kind, message: of } of all) {
      const allowed: Record<string, readonly (string | undefined)[]> = {
        invalid: ['invalid', 'not_json'], otherEvent: ['excluded'], future: ['future'], late: ['late', undefined],
        view: [undefined], redelivered: [undefined], republished: [undefined], offline: [undefined], historic: [undefined],
      };
      expect({ kind, outcomes: allowed[kind] }).toMatchObject({ outcomes: expect.arrayContaining([refused.get(of)]) });
    }
  });

  test('the ordinary views alone, without early panes, are told as with them and the rest of the traffic', () => {
    const all = published(5, { seed: 11, shares: { ...busy, late: 0 } });
    const views = all.filter(({ kind }) => kind === 'view').map((it) => it.message);
    const alone = lastTold(playMessages(views, { windows: { earlyTrigger: undefined } }).results);
    const among = lastTold(playMessages(all.map((it) => it.message)).results);
    expect(alone).toEqual(inBatch(views));
    expect(among).toMatchObject(alone);
  });
});
