import type { Millis } from '../../operators/index.js';
import { broken, dateTime, pageViewEvent, type Occurrence } from './pageViewEvent.js';
import type { Happening } from './happenings.js';
import type { Kind, Publication, Shares } from './publication.js';
import type { Random } from './random.js';
import { dwell, MEAN_DWELL, pageTitle, visitor, type Visitor } from './visitor.js';

const SECOND: Millis = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** An ordinary view is published at most this long after it happened: less than 10 s even where its time is cut to the second. */
const MAX_DISORDER = 9 * SECOND;

/** The next view is in the same session this often; so sessions have four views on average. */
const GOES_ON = 0.75;

/** Two views at the same instant: a link opened in a second tab. */
const AT_ONCE = 0.02;

/** From one view to the next in the same place, on average. */
export const MEAN_INTERVAL: Millis = MEAN_DWELL * (1 - GOES_ON * AT_ONCE);

/** Who looks next, and when; undefined is somebody new. */
interface Next {
  readonly at: Millis;
  readonly visitor: Visitor | undefined;
}

/** What visitors do, and what of it is published when. */
export class Site {
  private ids = 0;

  constructor(
    private readonly random: Random,
    private readonly shares: Shares,
    private readonly publish: (publication: Publication) => void,
    private readonly happening: Happening,
  ) {}

  /** The visitor, or a new one, looks at a page at that moment. */
  look(at: Millis, known: Visitor | undefined): Next {
    if (known === undefined && this.random.chance(this.shares.offline)) return this.belated('offline', at, this.random.between(10 * MINUTE, 12 * HOUR));
    if (known === undefined && this.random.chance(this.shares.historic)) return this.belated('historic', at, this.random.between(DAY, 30 * DAY));
    const somebody = known ?? visitor(this.random, at);
    this.view(somebody, at);
    return this.random.chance(GOES_ON) ? { at: at + this.stay(), visitor: somebody } : { at: at + dwell(this.random), visitor: undefined };
  }

  private stay(): Millis {
    return this.random.chance(AT_ONCE) ? 0 : dwell(this.random);
  }

  private view(somebody: Visitor, at: Millis): void {
    const { random, shares } = this;
    const seen = this.occurrence(somebody, at);
    const delay = random.chance(0.9) ? random.between(50, 800) : random.between(800, MAX_DISORDER);
    const roll = random.fraction();
    if (roll < shares.invalid) this.send('invalid', at + delay, seen, broken(random, pageViewEvent(seen)));
    else if (roll < shares.invalid + shares.late) this.send('late', at + random.between(2 * MINUTE, 4 * MINUTE), seen);
    else if (roll < shares.invalid + shares.late + shares.future) this.send('future', at + delay, { ...seen, at: Math.round(at + random.between(HOUR, 365 * DAY)) });
    else {
      const sent = this.send('view', at + delay, seen);
      if (random.chance(shares.redelivered)) this.publish({ ...sent, kind: 'redelivered', publishAt: sent.publishAt + this.soon() });
      if (random.chance(shares.republished)) this.publish({ ...sent, kind: 'republished', publishAt: sent.publishAt + this.soon(), id: this.nextId() });
    }
    if (random.chance(shares.otherEvent)) {
      const later = at + this.soon();
      this.send('otherEvent', later + delay, { ...seen, at: later, name: random.pick(['scroll', 'click', 'user_engagement']), more: {} });
    }
  }

  /** A whole session of long ago, published now. Whoever comes next waits as long as it took, which keeps the rate. */
  private belated(kind: Kind, at: Millis, age: Millis): Next {
    const start = Math.round(at - age);
    const somebody = visitor(this.random, start);
    let time = start;
    do {
      this.send(kind, at + this.random.between(50, 2_000), this.occurrence(somebody, time));
      time += dwell(this.random);
    } while (this.random.chance(GOES_ON));
    return { at: at + (time - start), visitor: undefined };
  }

  private occurrence(somebody: Visitor, at: Millis): Occurrence {
    somebody.views += 1;
    return { visitor: somebody, at, title: pageTitle(this.random), view: somebody.views, ...this.happening(this.random, somebody) };
  }

  private send(kind: Kind, publishAt: Millis, occurrence: Occurrence, data = JSON.stringify(pageViewEvent(occurrence))): Publication {
    const attributes = { timestamp: dateTime(occurrence.visitor, occurrence.at), source: 'ga4_streaming' };
    const publication = { publishAt: Math.round(publishAt), id: this.nextId(), data, attributes, kind };
    this.publish(publication);
    return publication;
  }

  private soon(): Millis {
    return Math.round(this.random.between(SECOND, 5 * SECOND));
  }

  private nextId(): string {
    this.ids += 1;
    return String(1_000_000_000_000 + this.ids);
  }
}
