import type { Millis } from '../../operators/index.js';
import type { ProductName } from '../model/productName.js';
import { Agenda } from './agenda.js';
import { HAPPENINGS } from './happenings.js';
import { DEFAULT_SHARES, type Publication, type Shares } from './publication.js';
import { random } from './random.js';
import { Site, MEAN_INTERVAL } from './site.js';
import { restOfDwell, type Visitor } from './visitor.js';

export interface TrafficOptions {
  /** A whole number; the same seed with the same options makes the same traffic. */
  readonly seed: number;
  /** Whose events these are; default: pages_viewed. */
  readonly product?: ProductName;
  /** When the first visitors are watched. */
  readonly start: Millis;
  /** Publications a second, on average; 1 or more. */
  readonly rate: number;
  /** What is left out is as in {@link DEFAULT_SHARES}. */
  readonly shares?: Partial<Shares>;
}

type Step = { readonly _tag: 'Look'; readonly visitor: Visitor | undefined } | { readonly _tag: 'Publish'; readonly publication: Publication };

/**
 * GA4 events of a shop, page views unless it is asked for those of another product, without end, in the order of their publication: as many visitors at a
 * time as the rate needs, each looking at page after page and then replaced by the next.
 *
 * Memory: a few hundred bytes per visitor, of which there are some 25 for each publication a second.
 */
export function* traffic({ seed, start, rate, shares: given, product = 'pages_viewed' }: TrafficOptions): Generator<Publication, never> {
  const shares = { ...DEFAULT_SHARES, ...given };
  const chance = random(seed);
  const agenda = new Agenda<Step>();
  const site = new Site(chance, shares, (publication) => agenda.put(publication.publishAt, { _tag: 'Publish', publication }), HAPPENINGS[product]);

  const perView = 1 + shares.redelivered + shares.republished + shares.otherEvent;
  const visitors = Math.max(1, Math.round((rate * MEAN_INTERVAL) / 1000 / perView));
  for (let i = 0; i < visitors; i += 1) agenda.put(start + restOfDwell(chance), { _tag: 'Look', visitor: undefined });

  for (;;) {
    const { at, item } = agenda.take();
    if (item._tag === 'Publish') yield item.publication;
    else {
      const next = site.look(at, item.visitor);
      agenda.put(next.at, { _tag: 'Look', visitor: next.visitor });
    }
  }
}
