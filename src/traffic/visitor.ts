import type { Millis } from '../../operators/index.js';
import type { Random } from './random.js';

/** Somebody on the site, in one GA4 session. */
export interface Visitor {
  readonly sessionId: string;
  readonly pseudoId: string;
  /** Set for those who have logged in. */
  readonly account: Account | undefined;
  readonly device: string;
  readonly source: string;
  /** BigQuery exports 64-bit integers as strings, other ways do not. */
  readonly numbersAsText: boolean;
  /** Times to the millisecond, or cut to the second. */
  readonly millis: boolean;
  /** Whether the export has GA4's batch fields. */
  readonly batched: boolean;
  /** How many there have been so far. */
  views: number;
}

export interface Account {
  readonly accountNumber: string;
  readonly subscriberNumber: string;
  readonly digitalId: string;
  readonly userId: string;
}

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** A new visitor whose session begins at `at`. */
export const visitor = (random: Random, at: Millis): Visitor => {
  const startedAt = Math.floor(at / 1000);
  const digits = (length: number): string => String(random.below(9 * 10 ** (length - 1)) + 10 ** (length - 1));
  const letters = Array.from({ length: 43 }, () => LETTERS.charAt(random.below(LETTERS.length))).join('');
  return {
    sessionId: `${digits(10)}.${startedAt}`,
    pseudoId: `${letters}=.${startedAt}`,
    account: random.chance(0.3) ? { accountNumber: `ACC${digits(6)}`, subscriberNumber: digits(8), digitalId: `DIG${digits(6)}`, userId: `USER${digits(6)}` } : undefined,
    device: random.pick(['mobile', 'mobile', 'mobile', 'desktop', 'desktop', 'tablet']),
    source: random.pick(['google', 'google', '(direct)', 'newsletter', 'bing', 'facebook']),
    numbersAsText: random.chance(0.3),
    millis: random.chance(0.5),
    batched: random.chance(0.5),
    views: 0,
  };
};

const MEDIAN = 18_000;
const SPREAD = 0.9;
const LONGEST = 15 * 60_000;

/** How long somebody looks at a page: mostly some ten seconds, one time in eleven more than a minute, which splits a session with a gap of 60 s. */
export const dwell = (random: Random): Millis => Math.round(Math.min(LONGEST, MEDIAN * Math.exp(SPREAD * random.normal())));

/** The mean of {@link dwell}. */
export const MEAN_DWELL: Millis = MEDIAN * Math.exp(SPREAD ** 2 / 2);

/** For how long somebody who was looking when we came goes on looking: longer stays are met more often. */
export const restOfDwell = (random: Random): Millis =>
  Math.round(random.fraction() * Math.min(LONGEST, MEDIAN * Math.exp(SPREAD ** 2 + SPREAD * random.normal())));

const TITLES: readonly [string, ...string[]] = [
  'Home Page',
  'Broadband Deals',
  'Mobile Phones',
  'SIM Only',
  'TV Packages',
  'Checkout',
  'Basket',
  'My Account',
  'Bills & Payments',
  'Support',
  'Coverage Checker',
  'Store Locator',
  'Contact Us',
  'Order Tracking',
  'Upgrade',
  'Roaming',
  'Add-ons',
  'Terms & Conditions',
  'Café Rewards',
  'Größe wählen – Zubehör',
  '“What’s new” in 5G 🚀',
];

/** The first titles are the ones most looked at. */
export const pageTitle = (random: Random): string => TITLES[Math.floor(random.fraction() ** 2 * TITLES.length)] ?? TITLES[0];
