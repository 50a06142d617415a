import * as t from 'io-ts';
import { list, number, text } from '../changelog/shape.js';
import { guardedBy } from '../model/guardedBy.js';
import { isoTime } from '../model/isoTime.js';
import { nullable } from '../model/nullable.js';
import { NAMED, OPTIONAL, strictWhere, timestampOf } from '../model/sessionEvent.js';
import { momentsAggregate, type Moment } from './moments.js';
import type { Product } from './product.js';
import { SessionOutcome } from './sessionOutcome.js';

/** Which products a visitor looked at in a session, and how often: from GA4's `view_item`, whose `items` are the products it shows. */

const NAMES = ['view_item'];

/** GA4 writes `(not set)` where nothing was set; an id may have lost its quotes on the way. */
const known = (value: unknown): string | null =>
  typeof value === 'number' ? String(value) : typeof value === 'string' && value.trim() !== '' && value !== '(not set)' ? value : null;

interface Item {
  readonly item_id?: unknown;
  readonly item_name?: unknown;
}

const Item = guardedBy('an item with an item_id or an item_name', (value): value is Item =>
  t.UnknownRecord.is(value) && (known(value['item_id']) ?? known(value['item_name'])) !== null);

const Items = guardedBy('one item or more', (value): value is readonly unknown[] => Array.isArray(value) && value.length > 0);

const AnyEvent = t.intersection([t.type(NAMED, 'an event'), t.partial({ ...OPTIONAL, items: nullable(t.readonlyArray(Item, 'a list of items')) })], 'an event');
type AnyEvent = t.TypeOf<typeof AnyEvent>;

/** What a product is called; its id if it has one, else its name, tells it from others. */
type Named = readonly [id: string | null, name: string | null];

interface ItemView extends Moment {
  readonly items: readonly Named[];
}

const itemView = (timestamp: number, items: readonly Named[]): ItemView => ({ timestamp, what: JSON.stringify(items), items });

/** Each once, in an order that is not that of the event. */
const itemsOf = ({ items }: AnyEvent): readonly Named[] => {
  const named = new Map((items ?? []).map((item): readonly [string, Named] => {
    const it = [known(item.item_id), known(item.item_name)] as const;
    return [JSON.stringify(it), it];
  }));
  return [...named].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, it]) => it);
};

/** A product, and how often it was looked at. */
type Seen = readonly [...Named, views: number];

class ProductsSeen extends SessionOutcome {
  constructor(entry: number, elementTimestamp: number, readonly products: readonly Seen[]) {
    super(entry, elementTimestamp);
  }

  told(): object {
    return {
      distinct_products: this.products.length,
      views: this.products.reduce((sum, [, , views]) => sum + views, 0),
      products: this.products.map(([id, name, views]) => ({ item_id: id, item_name: name, views })),
    };
  }

  written(): readonly unknown[] {
    return [this.entry, this.elementTimestamp, this.products];
  }
}

/** In the order in which they were looked at first; each by the name it had last. */
const seenIn = (views: readonly ItemView[]): readonly Seen[] => {
  const seen = new Map<string, Seen>();
  for (const [id, name] of views.flatMap(({ items }) => items)) {
    const key = id === null ? `name ${name}` : `id ${id}`;
    const [, formerName = null, times = 0] = seen.get(key) ?? [];
    seen.set(key, [id, name ?? formerName, times + 1]);
  }
  return [...seen.values()];
};

const orNull = (value: unknown): string | null => (value === null ? null : text(value));

/** `view_item` events in, the products that were viewed in each session out. */
export const productsViewed: Product<AnyEvent, ItemView, readonly ItemView[]> = {
  event: strictWhere(NAMES, AnyEvent, t.type({ items: Items })),
  eventNames: NAMES,
  enrichment: (onContradiction) => ({ event, message }) => ({
    _tag: 'Right', right: { event, message, kept: itemView(timestampOf(event, onContradiction), itemsOf(event)) },
  }),
  aggregate: momentsAggregate(),
  /** Those of an open session, too: what was looked at only becomes more. */
  results: ({ value: views }) => {
    const [first, last] = [views[0], views[views.length - 1]];
    return first && last ? [new ProductsSeen(first.timestamp, last.timestamp, seenIn(views))] : [];
  },
  codec: {
    accumulatorText: (views) => JSON.stringify(views.map(({ timestamp, items }) => [timestamp, items])),
    accumulatorOf: (written) =>
      list(JSON.parse(written)).map(list).map(([timestamp, items]) => itemView(number(timestamp), list(items).map(list).map(([id, name]) => [orNull(id), orNull(name)]))),
    outcomeOf: ([entry, elementTimestamp, products]) =>
      new ProductsSeen(number(entry), number(elementTimestamp), list(products).map(list).map(([id, name, views]) => [orNull(id), orNull(name), number(views)])),
    shown: (views) => ({
      product_views: views.map(({ timestamp, items }) => ({ at: isoTime(timestamp, 'milliseconds'), items: items.map(([id, name]) => ({ item_id: id, item_name: name })) })),
    }),
  },
};
