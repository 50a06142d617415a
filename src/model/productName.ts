/** The data products, by what `--product` calls them. */
export const PRODUCT_NAMES = ['pages_viewed', 'products_viewed', 'checkout'] as const;
export type ProductName = (typeof PRODUCT_NAMES)[number];

/** By the name under which a state is kept: the first product had another one before there were others. */
export const storedName = (name: ProductName): string => (name === 'pages_viewed' ? 'time_on_page' : name);
