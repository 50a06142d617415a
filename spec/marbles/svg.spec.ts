import * as fc from 'fast-check';
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { tap } from 'rxjs';
import { diagram, elements, printScore, record, type Diagram } from '../../marbles/index.js';
import { KEY, WATERMARK } from '../../marbles/mark.js';
import { KEY_COLOURS, STYLE } from '../../marbles/drawing/style.js';
import { toSvg } from '../../marbles/svg.js';
import { scoreOf, type Lane } from '../../marbles/timeline.js';
import { printTime } from '../../marbles/time.js';
import { DIAGRAMS } from './diagrams.js';
import { allIn, boxOfPath, classesOf, numberOf, overlapsAmong, pointsOf, readXml, textBoxesIn, textOf, type Box, type Markup } from './svgMarkup.js';

const FOLDER = 'docs/marbles';
const all = DIAGRAMS.map((it) => it.diagram);
const fileOf = ({ id }: Diagram): string => `${id.replaceAll('/', '-')}.svg`;

describe('the pictures in docs/marbles', () => {
  if (process.env['WRITE_DOCS'] === '1') {
    mkdirSync(FOLDER, { recursive: true });
    for (const file of readdirSync(FOLDER)) rmSync(join(FOLDER, file));
    for (const it of all) writeFileSync(join(FOLDER, fileOf(it)), toSvg(it));
  }

  test('are those of the diagrams; WRITE_DOCS=1 (npm run docs) draws them', () => {
    expect(readdirSync(FOLDER).sort()).toStrictEqual(all.map(fileOf).sort());
  });

  test.each(all.map((it) => [it.id, it] as const))('show %s as it is', (_, it) => {
    expect(readFileSync(join(FOLDER, fileOf(it)), 'utf8')).toBe(toSvg(it));
  });
});

/** What is wrong with a picture: what it leaves out, what lies on one another, what is outside. */
const faultsOf = (it: Diagram): readonly string[] => {
  const picture = readXml(toSvg(it));
  const boxes = textBoxesIn(picture);
  const pills = allIn(picture).filter((shape) => classesOf(shape).includes('pill')).map(boxOfPath);
  const texts = allIn(picture).filter(({ name }) => name === 'text').map(textOf);
  const due = [
    ...it.score.columns.filter(({ from, to }) => from === to).map(({ from }) => printTime(from)),
    ...it.score.rows.map(({ name }) => name),
    ...it.marks.flatMap(({ at, mark }) => [
      mark.name === WATERMARK ? `~${printTime(mark.at)}` : mark.name,
      [mark.key === KEY ? '' : mark.key, mark.at === at || mark.name === WATERMARK ? '' : `@${printTime(mark.at)}`].filter((part) => part !== '').join(' '),
    ]),
    ...it.score.rows.filter(({ name }) => name !== 'source' && name !== 'ends').flatMap(({ cells }) => cells.flatMap(({ tokens }) => tokens)),
  ].filter((text) => text !== '');
  return [
    ...due.filter((text) => !texts.includes(text)).map((text) => `${text} is left out`),
    ...due.filter((text) => due.filter((other) => other === text).length > texts.filter((other) => other === text).length).map((text) => `${text} is left out once`),
    ...overlapsAmong(boxes).map((pair) => `${pair} lie on one another`),
    ...overlapsAmong(pills).map((pair) => `${pair} lie on one another`),
    ...[...boxes, ...shapesIn(picture)].filter((box) => !isInside(box, picture)).map(({ text }) => `${text} is outside`),
  ];
};

const shapesIn = (picture: Markup): readonly Box[] => allIn(picture).flatMap((it) => {
  if (it.name === 'path') return [boxOfPath(it)];
  if (it.name !== 'rect' || classesOf(it).includes('paper')) return [];
  const [left, top] = [numberOf(it, 'x'), numberOf(it, 'y')];
  return [{ text: `a box at ${left} ${top}`, left, top, right: left + numberOf(it, 'width'), bottom: top + numberOf(it, 'height') }];
});

const isInside = ({ left, top, right, bottom }: Box, picture: Markup): boolean =>
  left >= 0 && top >= 0 && right <= numberOf(picture, 'width') && bottom <= numberOf(picture, 'height');

/** A picture of anything: names, keys, times and words of any length, many or few. */
const anyDiagram: fc.Arbitrary<Diagram> = fc
  .record({
    instants: fc.uniqueArray(fc.nat(7_200), { minLength: 1, maxLength: 14 }).map((times) => times.map((time) => time * 1_000).sort((a, b) => a - b)),
    marks: fc.array(fc.record({
      at: fc.nat(13),
      word: fc.tuple(fc.constantFrom('', '', 'bob.', 'a-visitor-of-the-shop.'), fc.constantFrom('a', 'b', 'home', 'checkout/payment', 'STOP'), fc.option(fc.integer({ min: -7_200, max: 7_200 })))
        .map(([key, name, time]) => `${key}${name}${time === null ? '' : `@${printTime(time * 1_000)}`}`),
    }), { maxLength: 12 }),
    rises: fc.array(fc.record({ at: fc.nat(13), by: fc.integer({ min: 1, max: 4_000 }) }), { maxLength: 8 }),
    isMade: fc.boolean(),
    words: fc.array(fc.record({
      at: fc.nat(13),
      row: fc.constantFrom('panes', 'late', 'a-row-of-its-own'),
      text: fc.oneof(
        fc.constantFrom('EARLY#0{a,b}[0s..1m20s)', 'bob.ON_TIME#1/last/historic{a}[-1h..2h)', 'closed[0s..1m)', 'late(a@10s,~1m)', '<&>"', 'emitted#0{checkout/payment=3600s}/LATE[0s..1m20s)'),
        fc.string({ unit: 'binary', minLength: 1, maxLength: 60 }).map((text) => text.replace(/[\s\ufffe\uffff]|\p{Cc}/gu, '·')).filter((text) => !/^[|#!]$/.test(text)),
      ),
    }), { maxLength: 12 }),
    end: fc.constantFrom('|', '#', '!'),
  })
  .map(({ instants, marks: arriving, rises, isMade, words, end }) => {
    const instant = (at: number): number => instants[at % instants.length] ?? 0;
    const inTime = <T extends { readonly at: number }>(happenings: readonly T[]): readonly T[] => [...happenings].sort((a, b) => a.at - b.at);
    let watermark = -3_600_000;
    const risen = inTime(rises.map(({ at, by }) => ({ at: instant(at), by }))).map(({ at, by }) => ({ at, text: printTime((watermark += by * 1_000)) }));
    const source = [...arriving.map(({ at, word }) => ({ at: instant(at), text: word })), ...(isMade ? risen.map(({ at, text }) => ({ at, text: `~${text}` })) : [])];
    const lanes: Lane[] = [
      { name: 'source', happenings: [...inTime(source), { at: instant(instants.length - 1), text: end }] },
      { name: 'watermark', happenings: isMade ? [] : risen },
      ...['panes', 'late', 'a-row-of-its-own'].map((name) => ({ name, happenings: inTime(words.filter(({ row }) => row === name).map(({ at, text }) => ({ at: instant(at), text }))) })),
    ];
    return diagram({ id: 'any/diagram', title: '<any> & "all"', operator: (it) => it, given: elements, score: printScore(scoreOf(lanes)) });
  });

describe('a picture', () => {
  test.each(all.map((it) => [it.id, it] as const))('shows all of %s inside its frame, and nothing covers anything', (_, it) => {
    expect(faultsOf(it)).toStrictEqual([]);
  });

  test('of whatever shows all of it inside its frame, and nothing covers anything', () => {
    fc.assert(fc.property(anyDiagram, (it) => expect(faultsOf(it)).toStrictEqual([])));
  });

  test.each(all.map((it) => [it.id, it] as const))('has its dots under the line exactly where the watermark had passed the event: %s', (_, it) => {
    const picture = readXml(toSvg(it));
    const line = allIn(picture).find(({ attributes }) => 'data-line' in attributes);
    const passed = passedIn(it, line !== undefined);
    const under = allIn(picture).filter(({ attributes }) => 'data-dot' in attributes).map((dot) => {
      const ball = allIn(dot).find((shape) => classesOf(shape).includes('ball'));
      const [x, y] = ball === undefined ? [NaN, NaN] : [numberOf(ball, 'x') + numberOf(ball, 'width') / 2, numberOf(ball, 'y') + numberOf(ball, 'height') / 2];
      const isUnder = line !== undefined && y > heightAt(line, x) + 0.2;
      const isMarked = classesOf(dot).includes('behind') || classesOf(dot).includes('refused');
      return { index: Number(dot.attributes['data-dot']), isUnder, isMarked: isMarked || !isUnder };
    });
    expect(under).toStrictEqual(under.map(({ index }) => ({ index, isUnder: passed[index], isMarked: true })));
  });

  test('is for everybody: it says what it shows, needs nothing from outside, and is readable in light and dark', () => {
    for (const it of all) {
      const svg = toSvg(it);
      const picture = readXml(svg);
      const [title, told] = picture.children.map((child) => (typeof child === 'string' ? undefined : child));
      expect([title?.name, title && textOf(title), told?.name]).toStrictEqual(['title', it.title, 'desc']);
      expect(picture.attributes).toMatchObject({ role: 'img', 'aria-labelledby': title?.attributes['id'], 'aria-describedby': told?.attributes['id'], viewBox: `0 0 ${picture.attributes['width']} ${picture.attributes['height']}` });
      for (const { tokens } of it.score.rows.flatMap(({ cells }) => cells)) expect(told && textOf(told)).toContain(tokens.join(' '));
      expect(svg).toContain('@media(prefers-color-scheme:dark)');
      expect(svg).not.toMatch(/<script|<image|@import|url\(|href|https?:(?!\/\/www\.w3\.org\/2000\/svg")/);
      expect(numberOf(picture, 'width')).toBeLessThanOrEqual(900);
      expect(Buffer.byteLength(svg)).toBeLessThan(20_000);
    }
  });

  test.each(['light', 'dark'])('has texts that stand out from what is behind them, in %s', (mode) => {
    const [light = '', dark = ''] = STYLE.split('@media(prefers-color-scheme:dark)');
    const colours = new Map([...`${light}${mode === 'dark' ? dark : ''}`.matchAll(/--([\w-]+):#(\w+)/g)].map(([, name = '', hex = '']) => [name, hex.length === 3 ? hex.replace(/./g, '$&$&') : hex]));
    colours.set('white', 'ffffff');
    const luminance = (name: string): number => {
      const parts = /^(..)(..)(..)$/.exec(colours.get(name) ?? '')?.slice(1).map((part) => Number.parseInt(part, 16) / 255) ?? [];
      const [r = NaN, g = NaN, b = NaN] = parts.map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const contrast = ([a, b]: readonly [string, string]): number => (Math.max(luminance(a), luminance(b)) + 0.05) / (Math.min(luminance(a), luminance(b)) + 0.05);
    const pairs: readonly (readonly [string, string])[] = [
      ['ink', 'paper'], ['quiet', 'paper'], ['water', 'paper'], ['paper', 'quiet'], ['ink', 'plain-fill'],
      ...['early', 'on-time', 'late', 'refused'].map((kind) => [kind, `${kind}-fill`] as const),
      ...Array.from({ length: KEY_COLOURS }, (_, i) => ['white', `k${i}`] as const),
    ];
    expect(pairs.filter((pair) => !(contrast(pair) >= 4.5))).toStrictEqual([]);
  });
});

/** Of each mark, whether the watermark had passed its event time when it came in: seen while it plays. */
const passedIn = (it: Diagram, isShown: boolean): readonly boolean[] => {
  const passed: boolean[] = [];
  const isMade = it.marks.some(({ mark }) => mark.name === WATERMARK);
  let watermark = -Infinity;
  record({
    ...it,
    play: (source) => it.play(source.pipe(tap((mark) => {
      passed.push(mark.at < watermark);
      if (mark.name === WATERMARK) watermark = Math.max(watermark, mark.at);
    }))).pipe(tap(({ value }) => {
      if (!isMade && isShown && isWatermark(value)) watermark = value.timestamp;
    })),
  });
  return passed;
};

const isWatermark = (value: unknown): value is { readonly timestamp: number } =>
  typeof value === 'object' && value !== null && '_tag' in value && value._tag === 'Watermark' && 'timestamp' in value && typeof value.timestamp === 'number';

/** How high the line is there; nothing is under it before it begins. */
const heightAt = (line: Markup, x: number): number => {
  const points = pointsOf(line);
  const right = points.findIndex(([px]) => px > x);
  const [a, b] = [points[right - 1], points[right]];
  return a === undefined || b === undefined ? Infinity : a[1] + ((b[1] - a[1]) * (x - a[0])) / (b[0] - a[0]);
};
