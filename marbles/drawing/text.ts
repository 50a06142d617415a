/** Sizes of text, in px. */
export const WORD_SIZE = 11;
export const SMALL_SIZE = 10;

/** Of the fonts that {@link STYLE} names none is wider than this, per character. */
const ADVANCE = 0.62;

/** The room a text needs: fonts are of one width, so nothing has to be measured. */
export const widthOf = (text: string, size: number): number => Math.ceil(Array.from(text).reduce((sum, character) => sum + (WIDE.test(character) ? 2 : 1), 0) * size * ADVANCE);

/** Characters of East Asian scripts and pictures take two places. */
const WIDE = /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f000}-\u{1ffff}\u{20000}-\u{3fffd}]/u;

/** Cuts a word into lines of at most so many characters: before a bracket or after a comma; else after what parts it; else where it has to be. */
export const wrap = (word: string, most: number): readonly string[] => {
  const cut = (parts: readonly string[], by: RegExp): readonly string[] => parts.flatMap((part) => (part.length > most ? part.split(by) : [part]));
  const parts = cut(cut(word.split(/(?=[[{(<])|(?<=[,}])/), /(?<=[/.:])/), new RegExp(`(?<=^(?:.{${most}})+)`, 'su'));
  return parts.reduce<string[]>((lines, part) => {
    const last = lines.at(-1);
    if (last !== undefined && last.length + part.length <= most) lines[lines.length - 1] = last + part;
    else lines.push(part);
    return lines;
  }, []);
};
