import { normaliseTitle, standardPage, type ReferenceData } from './referenceData.js';

/** A title as received, and the page it names. */
export interface Named {
  readonly title: string;
  readonly page: string;
}

/** A site has not that many titles; what has more gives each its own, and is named anew now and then. */
const MOST_NAMES = 10_000;

/** In characters. A longer title is named anew each time, so that what is remembered stays small. */
const LONGEST_REMEMBERED = 1_000;

/**
 * Names the pages: by the standard name where the reference data knows the title, else by the
 * normalised title. A title that comes again is not looked up again, and all visits of it share one
 * string, until the reference data is another.
 */
export class PageNames {
  private readonly names = new Map<string, Named>();
  private known: ReferenceData | undefined;

  constructor(private readonly reference: () => ReferenceData) {}

  of(title: string): Named {
    const known = this.reference();
    if (known !== this.known || this.names.size >= MOST_NAMES) this.names.clear();
    this.known = known;
    const named = this.names.get(title);
    if (named) return named;
    const normal = normaliseTitle(title);
    const fresh: Named = { title, page: standardPage(known, normal) ?? normal };
    if (title.length <= LONGEST_REMEMBERED) this.names.set(title, fresh);
    return fresh;
  }
}
