/** A text of the changelog that does not have the shape it should; the reader says where it stands. */
export class Malformed extends Error {
  override readonly name = 'Malformed';
}

/** Checks of what JSON has given, cheap enough for every member of every entry. */
export const list = (value: unknown): readonly unknown[] => (isList(value) ? value : wrong('a list', value));

export const text = (value: unknown): string => (typeof value === 'string' ? value : wrong('a string', value));

export const number = (value: unknown): number => (typeof value === 'number' ? value : wrong('a number', value));

export const bit = (value: boolean): 1 | 0 => (value ? 1 : 0);

/** One of a few words, written as its place among them. */
export const word = <W>(words: readonly W[], value: unknown): W => words[number(value)] ?? wrong(`a number below ${words.length}`, value);

export const wrong = (expected: string, value: unknown): never => {
  throw new Malformed(`${expected} was expected where ${typeof value} stands`);
};

const isList = (value: unknown): value is readonly unknown[] => Array.isArray(value);
