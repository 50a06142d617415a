/** The same text as one string: JSON gives a new one for every place, and a million sessions share a few pages. */
export type Interning = (text: string) => string;

/** More texts than this are not pages of a site: they are no longer looked up, so nothing grows without bound. */
const MOST = 10_000;

export const interning = (): Interning => {
  const known = new Map<string, string>();
  return (text) => {
    const same = known.get(text);
    if (same !== undefined) return same;
    if (known.size < MOST) known.set(text, text);
    return text;
  };
};
