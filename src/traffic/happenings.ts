import type { ProductName } from '../model/productName.js';
import type { Occurrence } from './pageViewEvent.js';
import type { Random } from './random.js';
import type { Visitor } from './visitor.js';

/** What somebody does who looks at a page. */
export type Happening = (random: Random, visitor: Visitor) => Pick<Occurrence, 'name' | 'more'>;

const PHONES: readonly [Item, ...Item[]] = [
  { item_id: 'SKU_1001', item_name: 'Phone One' },
  { item_id: 'SKU_1002', item_name: 'Phone One Plus' },
  { item_id: 'SKU_2001', item_name: 'Router “Größe M”' },
  { item_id: 'SKU_3001', item_name: 'SIM Only 20 GB' },
  { item_id: 'SKU_4001', item_name: '(not set)' },
];

interface Item {
  readonly item_id: string;
  readonly item_name: string;
}

const STEPS = ['begin_checkout', 'add_shipping_info', 'add_payment_info', 'purchase'];

/** By the product that is made of them. Those of a checkout come one after the other, and begin anew after the last. */
export const HAPPENINGS: Readonly<Record<ProductName, Happening>> = {
  pages_viewed: () => ({ name: 'page_view' }),
  products_viewed: (random, visitor) => ({ name: 'view_item', more: { items: [priced(random, visitor)] } }),
  checkout: (random, visitor) => ({ name: STEPS[(visitor.views - 1) % STEPS.length] ?? '', more: { items: [priced(random, visitor)] } }),
};

const priced = (random: Random, { numbersAsText }: Visitor): object => {
  const price = random.below(900) + 100;
  return { ...random.pick(PHONES), price: numbersAsText ? String(price) : price, quantity: numbersAsText ? '1' : 1 };
};
