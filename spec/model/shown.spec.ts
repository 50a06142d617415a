import * as fc from 'fast-check';
import { shown } from '../../src/model/shown.js';

describe('a value as an error message shows it', () => {
  test.each<[value: unknown, text: string]>([
    [undefined, 'nothing'], [null, 'null'], [0, '0'], [-1.5, '-1.5'], [Infinity, 'Infinity'], [NaN, 'NaN'], [true, 'true'], ['', '""'], ['a "b"\n', '"a \\"b\\"\\n"'],
    [[], 'an array of 0'], [[[1], 2], 'an array of 2'], [{}, 'an object'], [{ toString: 'no function' }, 'an object'], [Object.create(null), 'an object'],
    ['x'.repeat(80), `"${'x'.repeat(80)}"`], ['x'.repeat(81), `"${'x'.repeat(80)}…"`],
  ])('%j is shown as %s', (value, text) => expect(shown(value)).toBe(text));

  test('law: it is short and one line, whatever the value', () => {
    fc.assert(
      fc.property(fc.oneof(fc.anything(), fc.string({ unit: 'binary', maxLength: 300 })), (value) => {
        const text = shown(value);
        expect(text.length).toBeLessThanOrEqual('""…'.length + 80 * '\\u0000'.length);
        expect(text).not.toMatch(/[\n\r]/);
      }),
    );
  });
});
