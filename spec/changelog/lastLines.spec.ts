import * as fc from 'fast-check';
import { LastLines } from '../../src/changelog/lastLines.js';

interface Written {
  readonly kind: number;
  readonly key: string;
  /** Undefined: the key is gone. */
  readonly value: number | undefined;
}

const written: fc.Arbitrary<Written> = fc.record({
  kind: fc.nat(2),
  key: fc.oneof(fc.constantFrom('a', 'ab', 'b', '', 'ä', '"', '\\'), fc.nat(2_000).map(String)),
  value: fc.option(fc.nat(), { nil: undefined, freq: 4 }),
});

const KINDS = [0, 1, 2] as const;

/** All in one text. */
const put = (lines: LastLines, them: readonly Written[]): void => {
  const text = Buffer.from(them.map(({ key, value }) => `${JSON.stringify(key)}${value === undefined ? '' : `,${value}`}]\n`).join(''));
  lines.within(text);
  let from = 0;
  for (const { kind } of them) {
    const to = text.indexOf('\n', from);
    lines.set(kind, from + 1, to);
    from = to + 1;
  }
};

const shown = (lines: LastLines) => KINDS.map((kind) => new Map(lines.all(kind, (value) => value.number())));

const expected = (them: readonly Written[]) =>
  KINDS.map((kind) => {
    const last = new Map<string, number>();
    for (const { key, value } of them.filter((it) => it.kind === kind)) {
      if (value === undefined) last.delete(key);
      else last.set(key, value);
    }
    return last;
  });

describe('the last lines', () => {
  test('law: of each kind and key the last one counts, in whatever texts they came, and a copy has the same', () => {
    fc.assert(
      fc.property(fc.array(fc.array(written, { maxLength: 300 }), { maxLength: 10 }), (texts) => {
        const lines = new LastLines();
        for (const them of texts) put(lines, them);
        expect(shown(lines)).toEqual(expected(texts.flat()));
        const copy = lines.compacted();
        expect(shown(copy)).toEqual(expected(texts.flat()));
        for (const them of texts) put(copy, them);
        expect(shown(copy)).toEqual(expected([...texts.flat(), ...texts.flat()]));
      }),
    );
  });

  test('of many keys', () => {
    const lines = new LastLines();
    const many = Array.from({ length: 30_000 }, (_, n): Written => ({ kind: n % 3, key: `${n >> 1}`, value: n }));
    put(lines, many);
    expect(shown(lines.compacted())).toEqual(expected(many));
  });

  test('a text of which most is outdated is too much, and its copy is not', () => {
    const lines = new LastLines();
    const long = Buffer.from(`"k",${'1'.repeat(1_000_000)}]\n`);
    let count = 0;
    while (!lines.isWasteful) {
      lines.within(long);
      lines.set(0, 1, long.length - 1);
      count += 1;
      expect(count).toBeLessThan(100);
    }
    expect(count).toBeGreaterThan(50);
    expect(lines.compacted().isWasteful).toBe(false);
  });

  test('a key without an end is no line', () => {
    const lines = new LastLines();
    lines.within(Buffer.from('"key\n"'));
    expect(() => lines.set(0, 1, 4)).toThrow('the end of a string');
  });
});
