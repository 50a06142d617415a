/**
 * Keeps what has been written for values that come again and again. When there are `most` of them it
 * begins anew, so that it never grows beyond that.
 */
export const writtenOnce = <A>(most: number, write: (value: A) => string): ((value: A) => string) => {
  const written = new Map<A, string>();
  return (value) => {
    const known = written.get(value);
    if (known !== undefined) return known;
    if (written.size >= most) written.clear();
    const text = write(value);
    written.set(value, text);
    return text;
  };
};
