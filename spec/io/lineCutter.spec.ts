import * as fc from 'fast-check';
import { lineCutter } from '../../src/io/lineCutter.js';

type Cut = readonly [number: number, line: string | Buffer, oversize: number | undefined];

const KEPT = 64 * 1024;
const NO_LIMIT = 10 * 1024 * 1024;

const cut = (chunks: readonly (string | Buffer)[], maxBytes = NO_LIMIT): Cut[] => {
  const cutter = lineCutter<Cut>(maxBytes, (line, number, oversize) => [number, line, oversize]);
  return [...chunks.flatMap((chunk) => cutter.push(Buffer.from(chunk))), ...cutter.end()];
};

/** The lines of a whole input, cut in the plainest way. */
const naive = (input: Buffer, maxBytes: number): Cut[] =>
  input
    .toString('latin1')
    .split('\n')
    .flatMap((latin1, index): Cut[] => {
      const whole = Buffer.from(latin1, 'latin1');
      const start = index === 0 && latin1.startsWith('\xEF\xBB\xBF') ? 3 : 0;
      if (whole.length > maxBytes) return [[index + 1, whole.subarray(start, Math.min(KEPT, maxBytes)), whole.length]];
      const line = whole.subarray(start, latin1.endsWith('\r') && whole.length > start ? -1 : undefined);
      const text = line.toString('utf8');
      if (/^[ \t\r]*$/.test(text)) return [];
      return [[index + 1, Buffer.from(text).equals(line) ? text : line, undefined]];
    });

const borders = fc.array(fc.nat(40), { maxLength: 8 });

const atBorders = (input: Buffer, at: readonly number[]): Buffer[] => {
  const sorted = [0, ...[...at].sort((a, b) => a - b), input.length];
  return sorted.slice(1).map((end, index) => input.subarray(sorted[index], end));
};

/** Input of what matters to a cutter: ends of lines, white space, byte order marks, characters, and parts of them. */
const inputs = fc
  .array(fc.constantFrom(...['\n', 'a', '\r', ' ', '\t', '\uFEFF', 'é', '\u00A0'].map((text) => Buffer.from(text)), Buffer.of(0xef), Buffer.of(0xc3), Buffer.of(0xff)), { maxLength: 30 })
  .map((parts) => Buffer.concat(parts));

describe('lineCutter', () => {
  test.each<{ name: string; input: readonly (string | Buffer)[]; lines: readonly Cut[] }>([
    { name: 'nothing has no lines', input: [], lines: [] },
    { name: 'lines end with LF or CR LF, the last one also with the input', input: ['a\nb\r\nc'], lines: [[1, 'a', undefined], [2, 'b', undefined], [3, 'c', undefined]] },
    { name: 'a CR inside a line belongs to it', input: ['a\rb\r\r\n'], lines: [[1, 'a\rb\r', undefined]] },
    { name: 'blank lines are skipped and counted', input: ['\n \t \r\n\na\n\r\n'], lines: [[4, 'a', undefined]] },
    { name: 'a byte order mark at the beginning is dropped', input: ['\uFEFF{}\n\uFEFF{}'], lines: [[1, '{}', undefined], [2, '\uFEFF{}', undefined]] },
    { name: 'a byte order mark alone is a blank line', input: ['\uFEFF\na'], lines: [[2, 'a', undefined]] },
    { name: 'a line of other white space is no blank line', input: ['\u00A0\n\uFEFF'], lines: [[1, '\u00A0', undefined], [2, '\uFEFF', undefined]] },
    { name: 'a line may come in many chunks', input: ['a', 'b', '', 'c\nd', '\n'], lines: [[1, 'abc', undefined], [2, 'd', undefined]] },
    { name: 'a character may be cut by a border', input: [Buffer.of(0xc3), Buffer.of(0xa9, 0x0a)], lines: [[1, 'é', undefined]] },
    {
      name: 'a line that is not UTF-8 keeps its bytes, its neighbours are text',
      input: [Buffer.concat([Buffer.from('é\n'), Buffer.of(0x61, 0xff, 0x0d, 0x0a), Buffer.from('b\n')])],
      lines: [[1, 'é', undefined], [2, Buffer.of(0x61, 0xff), undefined], [3, 'b', undefined]],
    },
  ])('$name', ({ input, lines }) => {
    expect(cut(input)).toEqual(lines);
  });

  test('a line of as many bytes as are allowed is whole, with one more it is cut', () => {
    expect(cut(['1234\n12345\n1234'], 4)).toEqual([[1, '1234', undefined], [2, Buffer.from('1234'), 5], [3, '1234', undefined]]);
  });

  test('of a line that is too long the first 64 KB are kept', () => {
    const long = 'x'.repeat(100_000);
    const expected = [[1, Buffer.from(long.slice(0, KEPT)), 100_000], [2, 'y', undefined]];
    expect(cut([`${long}\ny`], 99_999)).toEqual(expected);
    expect(cut([long.slice(0, 70_000), long.slice(70_000), '\ny'], 99_999)).toEqual(expected);
  });

  test('a line without end takes no more memory than the limit', () => {
    const chunk = Buffer.alloc(1024 * 1024, 'x');
    const cutter = lineCutter(chunk.length, (_line, _number, oversize) => oversize);
    const before = process.memoryUsage().arrayBuffers;
    for (let i = 0; i < 200; i += 1) expect(cutter.push(chunk)).toEqual([]);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(20 * chunk.length);
    expect(cutter.push(Buffer.from('\n'))).toEqual([200 * chunk.length]);
  });

  test('what is handed over outlives the chunk', () => {
    const chunk = Buffer.of(0x61, 0xff, 0x0a, 0x62);
    const cutter = lineCutter(10, (line) => line);
    const first = cutter.push(chunk);
    chunk.fill(0x0a);
    expect([...first, ...cutter.end()]).toEqual([Buffer.of(0x61, 0xff), 'b']);
  });

  test('law: whatever the bytes and wherever the chunks begin, the lines are those of the whole input', () => {
    fc.assert(
      fc.property(inputs, borders, fc.constantFrom(3, 8, NO_LIMIT), (input, at, maxBytes) => {
        expect(cut(atBorders(input, at), maxBytes)).toEqual(naive(input, maxBytes));
      }),
      { numRuns: 2_000 },
    );
  });
});
