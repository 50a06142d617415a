import * as t from 'io-ts';

const Remembered = t.type({ redriven: t.array(t.string) });

/** Places of dead letters that were sent, as they are written down: in a record, or in a line without its end. */
export const rememberedText = (places: readonly string[], to: string): string => JSON.stringify({ to, redriven: places });

/** Undefined for what is nothing of the kind. */
export const rememberedIn = (text: string): readonly string[] | undefined => {
  try {
    const json: unknown = JSON.parse(text);
    return Remembered.is(json) ? json.redriven : undefined;
  } catch {
    return undefined;
  }
};
