import { normaliseTitle } from '../model/referenceData.js';

/** One word for each page, as scores want it: `Broadband Deals` is `Broadband-Deals`. Two pages never share one. */
export class Names {
  private readonly taken = new Map<string, string>();

  /** Of a page, or of a title as it was received. */
  of(title: string): string {
    const page = normaliseTitle(title);
    const plain = page.replace(/[^\w]+/g, '-').replace(/^-+|-+$/g, '') || 'page';
    for (let count = 1; ; count += 1) {
      const name = count === 1 ? plain : `${plain}-${count}`;
      const holder = this.taken.get(name) ?? page;
      this.taken.set(name, holder);
      if (holder === page) return name;
    }
  }

  /** Of an event, by its page or, where it has none, its kind. */
  ofEvent({ page_title: title, event_name: kind }: Readonly<Record<string, unknown>>): string {
    if (typeof title === 'string') return this.of(title);
    return typeof kind === 'string' ? this.of(kind) : 'event';
  }
}
