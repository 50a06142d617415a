import { closeSync, openSync, writeSync } from 'node:fs';

/**
 * Page views for the benchmarks, the same at every run: about 480 bytes each, three a session, so many
 * sessions open at once, and delivered up to `disorder` after they happened.
 */
export interface EventRules {
  readonly count: number;
  /** Sessions that are open (not yet closed by the watermark) at any time. */
  readonly openSessions: number;
  /** Ms. */
  readonly disorder: number;
}

const START = Date.UTC(2026, 0, 15, 8);
const PAGES = ['Home Page', 'Broadband Deals', 'Mobile Phones', 'Basket', 'Checkout', 'Help and Support', 'My Account', 'Store Locator'];
const PAGES_A_SESSION = 3;
const DWELL = 20_000;
/** From its first view until the watermark closes it: two dwells, the gap and the disorder. */
const OPEN_FOR = (PAGES_A_SESSION - 1) * DWELL + 60_000;

interface Pending {
  readonly at: number;
  readonly sentAt: number;
  readonly session: number;
  readonly view: number;
}

/** An event as it is published: its JSON, and when. */
export interface Published {
  readonly sentAt: number;
  readonly body: string;
}

/** In the order of their publishing. */
export function* pageViews({ count, openSessions, disorder }: EventRules): Generator<Published, void> {
  const chance = mulberry32(7);
  const sessionEvery = (OPEN_FOR + disorder) / openSessions;
  let made = 0;
  let pending: Pending[] = [];
  for (let batch = 0; made < count; batch += 1) {
    // One batch is 10 s of event time: what is pending from the former ones mixes with it.
    const until = START + (batch + 1) * 10_000;
    const first = Math.ceil((batch * 10_000) / sessionEvery);
    const last = Math.ceil(((batch + 1) * 10_000) / sessionEvery);
    for (let session = first; session < last; session += 1) {
      for (let view = 0; view < PAGES_A_SESSION; view += 1) {
        const at = START + Math.floor((session * sessionEvery) / 1_000) * 1_000 + view * DWELL + Math.floor(chance() * 5) * 1_000;
        pending.push({ at, sentAt: at + Math.floor(chance() * disorder), session, view });
      }
    }
    pending.sort((a, b) => a.sentAt - b.sentAt);
    const ready = pending.filter(({ sentAt }) => sentAt < until).slice(0, count - made);
    pending = pending.filter(({ sentAt }) => sentAt >= until);
    for (const it of ready) yield { sentAt: it.sentAt, body: bodyOf(it) };
    made += ready.length;
  }
}

/** Writes them as envelopes, one a line. */
export const writeEvents = (path: string, rules: EventRules): void => {
  const file = openSync(path, 'w');
  try {
    let text = '';
    for (const { sentAt, body } of pageViews(rules)) {
      text += `{"publish_time":"${new Date(sentAt).toISOString()}","data":${body}}\n`;
      if (text.length < CHUNK) continue;
      writeSync(file, text);
      text = '';
    }
    writeSync(file, text);
  } finally {
    closeSync(file);
  }
};

const CHUNK = 1 << 20;

const bodyOf = ({ at, session, view }: Pending): string =>
  JSON.stringify({
    session_id: `${1_000_000_000 + session}.${1_700_000_000 + session}`,
    page_title: PAGES[(session + view * 3) % PAGES.length],
    subscriber_number: `${10_000_000 + session}`,
    account_number: `ACC${100_000 + (session % 50_000)}`,
    user_id: `USER${session}`,
    user_pseudo_id: `2JK8WSrazodfn8PgRDYz${session}=.1738286883`,
    event_date: '2026-01-15',
    event_timestamp_ms: `${at}`,
    ga_event_dtm: new Date(at).toISOString().replace('.000Z', 'Z'),
    event_name: 'page_view',
    batch_page_id: at,
    batch_ordering_id: view + 1,
    batch_event_index: 1,
    event_params: [{ key: 'page_title', value: { string_value: PAGES[(session + view * 3) % PAGES.length] } }],
  });

/** A small seeded generator: the benchmarks need the same numbers, not good ones. */
const mulberry32 = (seed: number) => () => {
  seed = (seed + 0x6d2b79f5) | 0;
  let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
};
