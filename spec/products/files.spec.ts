import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as t from 'io-ts';
import { lastValueFrom, NEVER } from 'rxjs';
import type { ProductName } from '../../src/model/productName.js';
import { run } from '../../src/run.js';
import type { TaskReport } from '../../src/runtime/taskLoop.js';
import { traffic } from '../../src/traffic/traffic.js';
import { runConfig } from '../config/commandLine.js';
import { sortAndCut, type Session } from '../../src/simulate/sortAndCut.js';

jest.setTimeout(120_000);

const GAP = 60_000;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'pages-viewed-products-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** What a batch job has to know of an event. */
interface Looked {
  readonly key: string;
  readonly at: number;
  readonly name: string;
  readonly items: string;
}

const Body = t.intersection([
  t.type({ session_id: t.string, ga_event_dtm: t.string, event_name: t.string }),
  t.partial({ items: t.array(t.type({ item_id: t.string, item_name: t.string })) }),
]);

const parsed = (data: string): unknown => {
  try {
    return JSON.parse(data);
  } catch {
    return undefined;
  }
};

/** Read without any code of the pipeline; nothing where it is broken. */
const looked = (data: string): readonly Looked[] => {
  const body = parsed(data);
  if (!Body.is(body)) return [];
  const { session_id: key, ga_event_dtm: text, event_name: name, items = [] } = body;
  const at = Date.parse(text);
  // JavaScript takes the 30th of February for the 2nd of March.
  if (Number.isNaN(at) || new Date(at).toISOString().slice(0, 10) !== text.slice(0, 10)) return [];
  return [{ key, at, name, items: JSON.stringify(items.map((item) => [item.item_id, item.item_name])) }];
};

const time = (at: number): string => new Date(at).toISOString().replace('.000Z', 'Z');

type Batch = (session: Session<Looked>) => object;

/** By SQL it would be: GROUP BY session, item. */
const products: Batch = ({ values }) => {
  const seen = [...values].sort((a, b) => a.at - b.at || (a.items < b.items ? -1 : 1)).flatMap(({ items }) => {
    const them: string[][] = JSON.parse(items);
    return them;
  });
  const ids = [...new Set(seen.map(([id]) => id))];
  return {
    distinct_products: ids.length,
    views: values.length,
    products: ids.map((id) => {
      const [, called] = seen.findLast(([it]) => it === id) ?? [];
      return { item_id: id, item_name: called === '(not set)' ? null : called, views: seen.filter(([it]) => it === id).length };
    }),
  };
};

const STEPS = ['begin_checkout', 'add_shipping_info', 'add_payment_info', 'purchase'];

/** By SQL it would be: LEAD(time) OVER session, then GROUP BY step. */
const checkouts: Batch = ({ values }) => {
  const ordered = values.map(({ at, name }) => ({ at, step: STEPS.indexOf(name) })).sort((a, b) => a.at - b.at || a.step - b.step);
  const spent = ordered.map(({ at, step }, n) => ({ at, step, for: ordered[n + 1] && step < 3 ? ordered[n + 1]!.at - at : null }));
  const reached = [...new Set(ordered.map(({ step }) => step))].sort();
  return {
    status: reached.includes(3) ? 'completed' : 'abandoned',
    furthest_step: STEPS[reached.at(-1) ?? -1],
    steps: reached.map((step) => {
      const stays = spent.filter((it) => it.step === step);
      const known = stays.flatMap((it) => it.for ?? []);
      return { step: STEPS[step], reached_at: time(stays[0]!.at), time_spent_seconds: known.length === 0 ? null : known.reduce((sum, it) => sum + it, 0) / 1_000 };
    }),
  };
};

/** What a nightly job would make of these messages. */
const inBatch = (lines: readonly string[], names: readonly string[], batch: Batch): readonly string[] => {
  const events = lines.flatMap(looked).filter(({ name }) => names.includes(name));
  const distinct = [...new Map(events.map((event) => [JSON.stringify([event.key, event.at, event.name, event.items]), event])).values()];
  return sortAndCut(distinct, GAP).map((session) =>
    JSON.stringify({
      session_id: session.key, ...batch(session), window_start: time(session.start), window_end: time(session.end), element_timestamp: time(session.end - GAP),
    }));
};

const lines = (path: string): readonly string[] => readFileSync(path, 'utf8').trimEnd().split('\n');

const fromFile = async (product: ProductName, input: string, ...flags: readonly string[]): Promise<{ readonly report: TaskReport; readonly results: readonly string[] }> => {
  const output = join(folder, `${product}-out.ndjson`);
  const config = runConfig(['--product', product, '--input', input, '--output', output, '--clock', 'recorded', '--with_headers', ...flags]);
  const report = await lastValueFrom(run(config, { log: () => undefined, stop$: NEVER }));
  return { report, results: lines(output) };
};

/** What a line of the output has whatever the product is. */
interface Line {
  readonly session_id: string;
  readonly window_start: string;
  readonly window_end: string;
}

/** What stands in the end, as a consumer finds it: of a session's results whose windows overlap the last one. */
const standing = (results: readonly string[]): readonly string[] => {
  const sessions = new Map<string, readonly { readonly from: string; readonly to: string; readonly body: string }[]>();
  for (const result of results) {
    const line: Line = JSON.parse(result);
    const { session_id: session, window_start: from, window_end: to } = line;
    const others = (sessions.get(session) ?? []).filter((it) => Date.parse(it.to) <= Date.parse(from) || Date.parse(it.from) >= Date.parse(to));
    sessions.set(session, [...others, { from, to, body: JSON.stringify({ ...line, headers: undefined }) }]);
  }
  return [...sessions.values()].flatMap((them) => them.map(({ body }) => body));
};

describe.each([
  { product: 'products_viewed' as const, names: ['view_item'], batch: products },
  { product: 'checkout' as const, names: STEPS, batch: checkouts },
])('$product from file to file', ({ product, names, batch }) => {
  test('tells of every session what a batch job would: of an hour of traffic, in disorder, with repetitions and broken events', async () => {
    const shares = { late: 0, offline: 0, historic: 0, future: 0, redelivered: 0.05, republished: 0.05, invalid: 0.02 };
    const data: string[] = [];
    const start = Date.UTC(2025, 0, 30, 15, 30);
    const recorded: string[] = [];
    for (const { publishAt, id, data: body } of traffic({ seed: 7, start, rate: 2, product, shares })) {
      if (publishAt > start + 3_600_000) break;
      data.push(body);
      recorded.push(JSON.stringify({ message_id: id, publish_time: new Date(publishAt).toISOString(), attributes: {}, data: body }));
    }
    const input = join(folder, `${product}.ndjson`);
    writeFileSync(input, `${recorded.join('\n')}\n`);

    const { report, results } = await fromFile(product, input);
    const expected = inBatch(data, names, batch);
    expect(expected.length).toBeGreaterThan(1_000);
    expect([...standing(results)].sort()).toEqual([...expected].sort());
    expect(results.length).toBeGreaterThan(expected.length);
    expect(report.counts).toMatchObject({ received: recorded.length, held: 0, deadLetters: { excluded: expect.any(Number), invalid: expect.any(Number) } });
  });
});

describe('samples/shop_events.ndjson', () => {
  const told = async (product: ProductName): Promise<readonly unknown[]> => {
    const { report, results } = await fromFile(product, 'samples/shop_events.ndjson', '--window_size', '1800');
    expect(report.counts).toMatchObject({ received: 20, duplicates: 1, held: 0 });
    return [...standing(results)].sort().map((body): unknown => JSON.parse(body));
  };

  test('shows three visitors who look at products', async () => {
    const [tee, cap, mug] = [{ item_id: 'SKU_12345', item_name: 'Stan and Friends Tee' }, { item_id: 'SKU_12346', item_name: 'Grey Cap' }, { item_id: null, item_name: 'Mug' }];
    expect(await told('products_viewed')).toMatchObject([
      { session_id: '1111111111.1738251000', distinct_products: 2, views: 3, products: [{ ...tee, views: 2 }, { ...cap, views: 1 }] },
      { session_id: '2222222222.1738251010', distinct_products: 2, views: 3, products: [{ ...cap, views: 2 }, { ...mug, views: 1 }] },
      { session_id: '4444444444.1738251100', distinct_products: 1, views: 1, products: [{ ...tee, views: 1 }] },
    ]);
  });

  test('shows two purchases and a checkout that is abandoned', async () => {
    const steps = (...spent: readonly (readonly [string, number | null])[]) => spent.map(([step, seconds]) => ({ step, time_spent_seconds: seconds }));
    expect(await told('checkout')).toMatchObject([
      { session_id: '1111111111.1738251000', status: 'completed', steps: steps(['begin_checkout', 18], ['add_shipping_info', 77], ['add_payment_info', 12.5], ['purchase', null]) },
      { session_id: '3333333333.1738251030', status: 'completed', steps: steps(['begin_checkout', 15], ['purchase', null]) },
      { session_id: '4444444444.1738251100', status: 'abandoned', furthest_step: 'add_shipping_info', steps: steps(['begin_checkout', 29], ['add_shipping_info', null]) },
    ]);
  });
});
