import type { Millis } from '../../operators/index.js';
import type { ProductCodec } from '../changelog/productCodec.js';
import { PRODUCT_NAMES, storedName, type ProductName } from '../model/productName.js';
import type { SessionEvent } from '../model/sessionEvent.js';
import { checkout } from './checkout.js';
import { pagesViewed, type PagesViewedRules } from './pagesViewed.js';
import { pagesViewedCodec } from './pagesViewedCodec.js';
import type { Product } from './product.js';
import { productsViewed } from './productsViewed.js';

/** A product of whatever types: it is given to a function that works with all. */
export type SomeProduct = <T>(use: <E extends SessionEvent, M extends { readonly timestamp: Millis }, A>(product: Product<E, M, A>) => T) => T;

/** @param rules of pages viewed; the others have none of their own */
export const productNamed = (name: ProductName, rules: PagesViewedRules): SomeProduct => {
  switch (name) {
    case 'pages_viewed':
      return (use) => use(pagesViewed(rules));
    case 'products_viewed':
      return (use) => use(productsViewed);
    case 'checkout':
      return (use) => use(checkout);
  }
};

/** The codec of a product, of whatever type its accumulator is. */
export type SomeCodec = <T>(use: <A>(codec: ProductCodec<A>) => T) => T;

const CODECS: Readonly<Record<ProductName, SomeCodec>> = {
  pages_viewed: (use) => use(pagesViewedCodec),
  products_viewed: (use) => use(productsViewed.codec),
  checkout: (use) => use(checkout.codec),
};

/** Of the product that is kept under this name; undefined for one that this version does not know. */
export const storedCodec = (stored: unknown): SomeCodec | undefined => {
  const name = PRODUCT_NAMES.find((it) => storedName(it) === stored);
  return name && CODECS[name];
};
