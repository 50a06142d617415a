import { productsViewed } from '../../src/products/productsViewed.js';
import { decodeEvent } from '../../src/stages/decodeEvent.js';
import { T0, iso } from '../pipeline/play.js';
import { done, pane, reasons, shopped, told, type Done } from './shop.js';

const TEE = { item_id: 'SKU_1', item_name: 'Tee' };
const CAP = { item_id: 'SKU_2', item_name: 'Cap' };
const view = (at: number, ...items: readonly unknown[]): Done => ({ name: 'view_item', at, items });
const products = (...views: readonly Done[]): unknown => told(shopped(productsViewed, views, { windows: { earlyTrigger: undefined } }).results);

describe('an event', () => {
  const decoded = (event: Done) => decodeEvent(productsViewed.event)(done(event));
  const fault = (path: string, expected: string, got: string) => ({ _tag: 'Left', left: { reason: 'invalid', faults: [{ path, expected, got }] } });

  test.each([
    { name: 'no items', items: undefined, expected: fault('$.items', 'one item or more', 'nothing') },
    { name: 'items that are null', items: null, expected: fault('$.items', 'one item or more', 'null') },
    { name: 'an empty list of items', items: [], expected: fault('$.items', 'one item or more', 'an array of 0') },
  ])('view_item with $name is invalid', ({ items, expected }) => expect(decoded({ name: 'view_item', at: 0, items })).toMatchObject(expected));

  test.each([null, 7, {}, { item_id: '' }, { item_id: '(not set)', item_name: '(not set)' }, { item_id: null, item_name: ['Tee'] }, { price: 3 }])('with an item that is called nothing (%j) is invalid', (item) => {
    expect(decoded(view(0, TEE, item))).toMatchObject({ _tag: 'Left', left: { reason: 'invalid' } });
    const result = decoded(view(0, TEE, item));
    expect(result._tag === 'Left' && result.left.faults.map(({ path }) => path)).toEqual(['$.items.1']);
  });

  test('without a name is invalid', () => expect(decoded({ name: ' ', at: 0, items: [TEE] })).toMatchObject(fault('$.event_name', 'a non-blank string of at most 100000 characters', '" "')));

  test.each([{ items: undefined }, { items: null }, { items: [] }, { items: [TEE] }])('of another name is excluded, whatever it has: %j', ({ items }) => {
    const { results, deadLetters } = shopped(productsViewed, [{ name: 'scroll', at: 0, items }]);
    expect(results).toEqual([]);
    expect(reasons(deadLetters)).toEqual([{ reason: 'excluded', faults: [{ path: '$.event_name', expected: 'view_item', got: '"scroll"' }] }]);
  });

  test.each([{ ...TEE, price: 9.99, quantity: 1 }, { ...TEE, price: '9.99', quantity: '1' }, { item_id: 17 }, { item_name: 'Mug' }])('may have its numbers as text or not: %j', (item) =>
    expect(decoded(view(0, item))).toMatchObject({ _tag: 'Right' }));
});

describe('products viewed', () => {
  const tee = (views: number, name: string | null = 'Tee') => ({ item_id: 'SKU_1', item_name: name, views });
  const cap = (views: number) => ({ item_id: 'SKU_2', item_name: 'Cap', views });

  test('are told with their session and window, in the order in which they were looked at first', () => {
    expect(products(view(3, CAP), view(0, TEE), view(5, TEE))).toEqual([
      { session_id: 's', distinct_products: 2, views: 3, products: [tee(2), cap(1)], window_start: '2025-01-30T15:30:00Z', window_end: '2025-01-30T15:31:05Z', element_timestamp: '2025-01-30T15:30:05Z' },
    ]);
  });

  test.each<{ name: string; views: readonly Done[]; told: object }>([
    { name: 'an event that shows two is a view of each', views: [view(0, TEE, CAP)], told: { distinct_products: 2, views: 2 } },
    { name: 'one that names a product twice is one view of it', views: [view(0, TEE, { ...TEE, price: 3 })], told: { products: [tee(1)] } },
    { name: 'the same at the same time counts once', views: [view(0, TEE), view(0, TEE)], told: { products: [tee(1)] } },
    { name: 'two at the same time count both', views: [view(0, TEE), view(0, CAP)], told: { products: [tee(1), cap(1)] } },
    { name: 'an id tells products apart, by whatever name', views: [view(0, TEE), view(1, { item_id: 'SKU_1', item_name: 'Shirt' })], told: { products: [tee(2, 'Shirt')] } },
    { name: 'a name that is not set takes none away', views: [view(0, TEE), view(1, { item_id: 'SKU_1', item_name: '(not set)' })], told: { products: [tee(2)] } },
    { name: 'without an id the name does', views: [view(0, { item_id: '(not set)', item_name: 'Mug' }), view(1, { item_name: 'Mug' })], told: { products: [{ item_id: null, item_name: 'Mug', views: 2 }] } },
    { name: 'an id that has lost its quotes is the same', views: [view(0, { item_id: 17 }), view(1, { item_id: '17' })], told: { products: [{ item_id: '17', item_name: null, views: 2 }] } },
  ])('$name', ({ views, told: expected }) => expect(products(...views)).toMatchObject([expected]));

  test('of another session are its own', () => {
    expect(products(view(0, TEE), view(60, TEE), { ...view(1, CAP), session: 'other' })).toMatchObject([{ products: [tee(1)] }, { products: [cap(1)] }, { products: [tee(1)] }]);
  });

  test('come early with what there is so far, by the session\'s first event, and again only when there is more', () => {
    const { results } = shopped(productsViewed, [view(0, TEE), view(50, CAP), { session: 'other', name: 'view_item', at: 55, items: [TEE], published: 95 }, { session: 'other', name: 'view_item', at: 90, items: [TEE], published: 95 }]);
    expect(results.filter(({ emitted }) => emitted.key === 's').map(pane)).toEqual([
      { timing: 'EARLY', index: 0, final: false, revision: 0, entry: T0 },
      { timing: 'EARLY', index: 1, final: false, revision: 1, entry: T0 },
    ]);
  });

  test('that are told earlier by a session that began earlier after all are told again, over a window that holds the former', () => {
    const { results } = shopped(productsViewed, [{ ...view(10, TEE), published: 10 }, { ...view(45, TEE), published: 45 }, { ...view(8, CAP), published: 46 }, { ...view(47, CAP), published: 90 }], { windows: { maxOutOfOrderness: 600_000 } });
    const windows = results.map(({ emitted: { pane: { window }, value, revision } }) => [value.identity(), revision, window.start - T0, window.end - T0]);
    expect(windows).toEqual([[`${T0 + 10_000}`, 0, 10_000, 70_000], [`${T0 + 8_000}`, 0, 8_000, 105_000], [`${T0 + 8_000}`, 1, 8_000, 107_000]]);
    expect(told(results).at(-1)).toMatchObject({ window_start: iso(8).replace('.000Z', 'Z') });
  });
});
