import * as fc from 'fast-check';
import * as t from 'io-ts';
import type { Kind, Publication, Shares } from '../../src/traffic/publication.js';
import { DEFAULT_SHARES } from '../../src/traffic/publication.js';
import { traffic, type TrafficOptions } from '../../src/traffic/traffic.js';

const START = Date.parse('2025-01-30T12:00:00Z');
const MINUTE = 60_000;

const publishedWithin = (duration: number, options: Partial<TrafficOptions> = {}): Publication[] => {
  const publications: Publication[] = [];
  for (const publication of traffic({ seed: 1, start: START, rate: 100, ...options })) {
    if (publication.publishAt >= START + duration) break;
    publications.push(publication);
  }
  return publications;
};

/** The seed's shape, and the fields of GA4 that the pipeline can use. */
const Event = t.intersection([
  t.type({
    session_id: t.string,
    page_title: t.string,
    user_pseudo_id: t.string,
    event_date: t.string,
    event_timestamp_ms: t.union([t.number, t.string]),
    ga_event_dtm: t.string,
    event_name: t.string,
    event_params: t.array(t.type({ key: t.literal('page_title'), value: t.type({ string_value: t.string }) })),
    device: t.type({ category: t.string }),
    traffic_source: t.type({ source: t.string }),
  }),
  t.partial({ account_number: t.string, batch_ordering_id: t.union([t.number, t.string]) }),
]);
type Event = t.TypeOf<typeof Event>;

const eventOf = ({ data }: Publication): Event => {
  const event: unknown = JSON.parse(data);
  if (!Event.is(event)) throw new Error(`not an event: ${data}`);
  return event;
};

const delayOf = (publication: Publication) => publication.publishAt - Date.parse(eventOf(publication).ga_event_dtm);

const tenMinutes = publishedWithin(10 * MINUTE, { rate: 40 });
const ofKind = (kind: Kind) => tenMinutes.filter((it) => it.kind === kind);
const views = ofKind('view');

/** All but those that are broken on purpose. */
const decodable = tenMinutes.filter(({ kind }) => kind !== 'invalid');

describe('traffic', () => {
  test('law: the same seed and options make the same traffic, another seed another', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 31 }), fc.integer({ min: 1, max: 50 }), (seed, rate) => {
        const once = publishedWithin(20_000, { seed, rate });
        expect(publishedWithin(20_000, { seed, rate })).toEqual(once);
        expect(publishedWithin(20_000, { seed: seed + 1, rate })).not.toEqual(once);
      }),
      { numRuns: 10 },
    );
  });

  test('comes in the order of its publication', () => {
    const times = tenMinutes.map(({ publishAt }) => publishAt);
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(times.every(Number.isInteger)).toBe(true);
  });

  test.each([1, 20, 500])('has the rate that was asked for: %d a second', (rate) => {
    const seconds = rate === 1 ? 3_600 : 30;
    const publications = publishedWithin(seconds * 1000, { rate });
    expect(publications.length / seconds / rate).toBeGreaterThan(0.9);
    expect(publications.length / seconds / rate).toBeLessThan(1.1);
  });

  test('has that rate from the first seconds on', () => {
    expect(publishedWithin(10_000, { rate: 500 }).length).toBeGreaterThan(4_000);
  });

  test('decodes to the seed\'s shape, all but the invalid', () => {
    const odd = decodable.filter((publication) => {
      const { session_id, page_title, ga_event_dtm, event_date, event_params, event_timestamp_ms } = eventOf(publication);
      const { timestamp, source, ...others } = publication.attributes;
      return !(
        /^\d{10}\.\d{10}$/.test(session_id) &&
        /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3})?Z$/.test(ga_event_dtm) &&
        ga_event_dtm.startsWith(event_date) &&
        Math.abs(Number(event_timestamp_ms) - Date.parse(ga_event_dtm)) < 1_000 &&
        event_params[0]?.value.string_value === page_title &&
        timestamp === ga_event_dtm &&
        source === 'ga4_streaming' &&
        Object.keys(others).length === 0
      );
    });
    expect(odd).toEqual([]);
  });

  test('has events of about 480 bytes', () => {
    const mean = decodable.reduce((sum, { data }) => sum + Buffer.byteLength(data), 0) / decodable.length;
    expect(mean).toBeGreaterThan(450);
    expect(mean).toBeLessThan(510);
  });

  test('has numbers as numbers and as text, times with and without milliseconds, and sessions with and without an account and batch fields', () => {
    const events = views.map(eventOf);
    const share = (has: (event: Event) => boolean) => events.filter(has).length / events.length;
    expect(share(({ event_timestamp_ms: it }) => typeof it === 'string')).toBeCloseTo(0.3, 1);
    expect(share(({ ga_event_dtm: it }) => it.includes('.'))).toBeCloseTo(0.5, 1);
    expect(share(({ account_number: it }) => it !== undefined)).toBeCloseTo(0.3, 1);
    expect(share(({ batch_ordering_id: it }) => it !== undefined)).toBeCloseTo(0.5, 1);
  });

  test('has sessions of several views, some of which the gap splits', () => {
    const bySession = new Map<string, number[]>();
    for (const { session_id, ga_event_dtm } of views.map(eventOf)) bySession.set(session_id, [...(bySession.get(session_id) ?? []), Date.parse(ga_event_dtm)]);
    const sessions = [...bySession.values()].map((times) => times.sort((a, b) => a - b));
    const dwells = sessions.flatMap((times) => times.slice(1).map((at, index) => at - (times[index] ?? at)));
    expect(views.length / sessions.length).toBeGreaterThan(3);
    expect(dwells.filter((it) => it >= MINUTE).length / dwells.length).toBeCloseTo(0.1, 1);
    expect(dwells.filter((it) => it < 1_000).length / dwells.length).toBeGreaterThan(0.01);
  });

  test('is out of order, by less than ten seconds', () => {
    const times = views.map((it) => Date.parse(eventOf(it).ga_event_dtm));
    let newest = 0;
    const behind = times.map((at) => (newest = Math.max(newest, at)) - at);
    expect(Math.max(...behind)).toBeGreaterThan(5_000);
    expect(Math.max(...views.map(delayOf))).toBeLessThanOrEqual(10_000);
    expect(Math.min(...views.map(delayOf))).toBeGreaterThan(0);
  });

  test('has each kind in its share', () => {
    const share = (kind: Kind) => ofKind(kind).length / tenMinutes.length;
    expect(share('view')).toBeGreaterThan(0.85);
    const perView: (keyof Shares)[] = ['redelivered', 'republished', 'invalid', 'otherEvent', 'late', 'future'];
    for (const kind of perView) {
      expect(share(kind)).toBeGreaterThan(DEFAULT_SHARES[kind] * 0.5);
      expect(share(kind)).toBeLessThan(DEFAULT_SHARES[kind] * 1.6);
    }
    expect(ofKind('offline').length).toBeGreaterThan(ofKind('historic').length);
    expect(ofKind('historic').length).toBeGreaterThan(0);
  });

  test('has the shares that are asked for', () => {
    const none = { redelivered: 0, republished: 0, invalid: 0, otherEvent: 0, late: 0, offline: 0, historic: 0, future: 0 };
    expect(new Set(publishedWithin(MINUTE, { shares: none }).map(({ kind }) => kind))).toEqual(new Set(['view']));
    expect(new Set(publishedWithin(MINUTE, { shares: { ...none, invalid: 1 } }).map(({ kind }) => kind))).toEqual(new Set(['invalid']));
  });

  test('repeats under the same id or under a new one, byte for byte', () => {
    const byId = new Map(views.map((it) => [it.id, it]));
    for (const { id, data } of ofKind('redelivered')) if (byId.has(id)) expect(data).toBe(byId.get(id)?.data);
    const bodies = new Set(views.map(({ data }) => data));
    expect(ofKind('republished').filter(({ data }) => bodies.has(data)).length).toBeGreaterThan(0);
    expect(new Set(tenMinutes.filter(({ kind }) => kind !== 'redelivered').map(({ id }) => id)).size).toBe(tenMinutes.length - ofKind('redelivered').length);
  });

  test('is invalid in many ways', () => {
    const bodies = ofKind('invalid').map(({ data }) => data);
    const parses = (data: string) => {
      try {
        return JSON.parse(data) !== undefined;
      } catch {
        return false;
      }
    };
    expect(bodies.filter(parses).length).toBeGreaterThan(0);
    expect(bodies.filter((it) => !parses(it)).length).toBeGreaterThan(0);
    expect(bodies.some((it) => it.includes('"session_id":null'))).toBe(true);
    expect(bodies.some((it) => it.includes('2025-02-30'))).toBe(true);
  });

  test('has the events of the product that is asked for, each with an item', () => {
    const Shop = t.type({ event_name: t.string, items: t.array(t.type({ item_id: t.string, item_name: t.string })) });
    const namesOf = (product: NonNullable<TrafficOptions['product']>) =>
      new Set(publishedWithin(MINUTE, { product }).filter(({ kind }) => kind === 'view').map(({ data }) => {
        const event: unknown = JSON.parse(data);
        if (!Shop.is(event) || event.items.length !== 1) throw new Error(data);
        return event.event_name;
      }));
    expect(namesOf('products_viewed')).toEqual(new Set(['view_item']));
    expect(namesOf('checkout')).toEqual(new Set(['begin_checkout', 'add_shipping_info', 'add_payment_info', 'purchase']));
  });

  test('has other events, late ones, old ones and ones from the future', () => {
    expect(new Set(ofKind('otherEvent').map((it) => eventOf(it).event_name))).toEqual(new Set(['scroll', 'click', 'user_engagement']));
    expect(new Set(views.map((it) => eventOf(it).event_name))).toEqual(new Set(['page_view']));
    for (const it of ofKind('late')) expect(delayOf(it)).toBeGreaterThanOrEqual(2 * MINUTE);
    for (const it of ofKind('offline')) expect(delayOf(it)).toBeGreaterThan(0);
    for (const it of ofKind('historic')) expect(delayOf(it)).toBeGreaterThan(20 * 60 * MINUTE);
    for (const it of ofKind('future')) expect(delayOf(it)).toBeLessThan(-59 * MINUTE);
  });
});
