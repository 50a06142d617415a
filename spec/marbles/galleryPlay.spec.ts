import * as fc from 'fast-check';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { run, type AssertEqual, type Diagram } from '../../marbles/index.js';
import { codeOf, played } from '../../marbles/gallery/play.js';
import { PRESETS } from '../../marbles/gallery/presets.js';
import { sameSituation } from '../../marbles/gallery/sameSituation.js';
import { MEASURES, PRODUCTION, freeName, fromFragment, toFragment, withMeasure, withinBounds, type Situation } from '../../marbles/gallery/situation.js';
import type { Lane } from '../../marbles/timeline.js';
import { DIAGRAMS } from './diagrams.js';

const SECOND = 1_000;
const equal: AssertEqual = (actual, expected) => expect(actual).toStrictEqual(expected);

/** Situations as hands can make them. */
const anySituation: fc.Arbitrary<Situation> = fc
  .record({
    events: fc.array(fc.record({ key: fc.constantFrom('k', 'ada', 'bob'), arrives: fc.integer({ min: -20, max: 1_000 }), at: fc.integer({ min: -700, max: 1_000 }) }), { maxLength: 8 }),
    measures: fc.tuple(...MEASURES.map(({ least, most }) => fc.integer({ min: least / SECOND, max: most / SECOND }))),
    accumulation: fc.constantFrom('ACCUMULATING', 'DISCARDING'),
  })
  .map(({ events, measures, accumulation }) => {
    const empty: Situation = { events: [], settings: { ...PRODUCTION, accumulation }, until: 60 * SECOND };
    const situation = MEASURES.reduce((made, measure, i) => withMeasure(made, measure, (measures[i] ?? 0) * SECOND), empty);
    return { ...situation, events: events.map(({ key, arrives, at }, i) => withinBounds({ name: 'abcdefgh'.charAt(i), key, arrives: arrives * SECOND, at: at * SECOND }, situation.until)) };
  });

describe('the playground', () => {
  test('plays any situation, and what it shows plays as drawn', () => {
    fc.assert(fc.property(anySituation, (situation) => run(played(situation, 'any'), equal)));
  });

  test.each([
    ['late event', 'd is refused', /late +.*late\(d@40s,~2m\)/],
    ['merge', 'one session holds all three', /ON_TIME#0\/last\{a,c,b\}\[10s\.\.2m40s\)/],
    ['exactly one gap', 'there are two sessions', /ON_TIME#1\/last\{a\}\[10s\.\.1m10s\).*ON_TIME#1\/last\{b\}\[1m10s\.\.2m10s\)/],
    ['out of order', 'nobody is late', /panes +(?!.*late)/],
    ['idle', 'the session closes', /1m41s\.\.2m49s  2m50s.*\n.*ON_TIME#2\/last\{a,b\}\[10s\.\.1m40s\)/s],
    ['historic', 'the old event has a session of its own', /ON_TIME#1\/last\/historic\{b\}\[-4m30s\.\.-3m30s\)/],
    ['early panes', 'there are several', /EARLY#0.*EARLY#1.*EARLY#2/],
    ['two visitors', 'sessions are by key', /bob\.ON_TIME#1\/last\{b\}\[20s\.\.1m20s\)/],
  ])('has for "%s" a situation in which %s', (name, _, expected) => {
    const preset = PRESETS.find((it) => it.name === name);
    expect(preset && played(preset.situation, name).text).toMatch(expected);
  });

  test('has a situation for each of these, and no other', () => {
    expect(PRESETS.map(({ name }) => name)).toStrictEqual(['late event', 'merge', 'exactly one gap', 'out of order', 'idle', 'historic', 'early panes', 'two visitors']);
  });
});

describe('the code of a situation', () => {
  let folder = '';
  beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'example-'))));
  afterAll(() => rmSync(folder, { recursive: true }));

  /** What a file with this code exports, once its imports are found. */
  const exampleIn = (code: string, file: string): Diagram => {
    const path = join(folder, `${file}.ts`);
    writeFileSync(path, code.replace(/'pages-viewed-streaming\/(\w+)'/g, (_all, part: string) => `'${resolve(part, 'index.ts')}'`).replace("'rxjs'", `'${require.resolve('rxjs')}'`));
    return jest.requireActual<{ readonly example: Diagram }>(path).example;
  };

  test.each(PRESETS.map(({ name, situation }) => [name, situation] as const))('for "%s" is a diagram that plays as drawn', (name, situation) => {
    const shown = played(situation, name);
    const example = exampleIn(codeOf(situation, shown), name.replace(/\W/g, '-'));
    run(example, equal);
    expect(example.text).toBe(shown.text);
  });

  test('has all settings in it', () => {
    const settings = { gap: 65_000, allowedLateness: 120_000, maxOutOfOrderness: 0, early: 0, idleTimeout: 0, accumulation: 'DISCARDING' } as const;
    const situation: Situation = { events: [{ name: 'a', key: 'ada', arrives: 5_000, at: 0 }, { name: 'b', key: 'ada', arrives: 80_000, at: 70_000 }, { name: 'c', key: 'ada', arrives: 90_000, at: 4_000 }], settings, until: 120_000 };
    const shown = played(situation, 'settings');
    expect(shown.text).toContain('ada.LATE#1{c}[0s..1m9s)');
    run(exampleIn(codeOf(situation, shown), 'settings'), equal);
  });
});

describe('the address of a situation', () => {
  test('says all of it', () => {
    fc.assert(fc.property(anySituation, (situation) => expect(fromFragment(`#${toFragment(situation)}`, { events: [], settings: PRODUCTION, until: 60_000 })).toStrictEqual(situation)));
  });

  test('can be read', () => {
    expect(PRESETS[0] && toFragment(PRESETS[0].situation)).toBe('events=a@10s,b@30s,c@2m10s,d@40s/2m30s&gap=1m&maxOutOfOrderness=10s&allowedLateness=0s&early=30s&idleTimeout=1m&until=4m&accumulation=ACCUMULATING');
  });

  const otherwise: Situation = { events: [], settings: PRODUCTION, until: 240_000 };

  test.each([
    ['', undefined],
    ['#diagrams', undefined],
    ['#events=', otherwise],
    ['#events=a@10s,nonsense,A@1s,bb@1s,a@20s,~5s&gap=huge&accumulation=no', { ...otherwise, events: [{ name: 'a', key: 'k', arrives: 10_000, at: 10_000 }] }],
    ['#gap=1h&events=a@99h/-5s,b@-99h', { ...otherwise, settings: { ...PRODUCTION, gap: 180_000 }, events: [{ name: 'a', key: 'k', arrives: 0, at: 239_000 }, { name: 'b', key: 'k', arrives: 0, at: -600_000 }] }],
  ])('%s means no more than it should', (fragment, expected) => {
    expect(fromFragment(fragment, otherwise)).toStrictEqual(expected);
  });
});

test('an event gets the first letter that is free, while there is one', () => {
  const event = (name: string) => ({ name, key: 'k', arrives: 0, at: 0 });
  expect(freeName([])).toBe('a');
  expect(freeName([event('a'), event('c')])).toBe('b');
  expect(freeName(Array.from('abcdefghijklmnopqrstuvwxyz', event))).toBeUndefined();
});

describe('a diagram opens in the playground', () => {
  const found = DIAGRAMS.flatMap(({ diagram }) => {
    const situation = sameSituation(diagram);
    return situation === undefined ? [] : [{ diagram, situation }];
  });

  test('where the same comes out there', () => {
    expect(found.length).toBeGreaterThan(5);
    for (const { diagram, situation } of found) {
      expect(situation.events.map(({ arrives }) => arrives)).toStrictEqual(diagram.marks.map(({ at }) => at));
      const { lanes } = played(situation, diagram.title);
      for (const { name, happenings } of diagram.lanes.filter((lane) => ['watermark', 'panes', 'late'].includes(lane.name))) {
        expect(lanes.find((lane) => lane.name === name)?.happenings.filter(({ at }) => at <= diagram.sourceEnd.at) ?? []).toStrictEqual(happenings);
      }
    }
  });

  test('and nowhere else', () => {
    const differs = (lane: Lane): Lane => ({ ...lane, happenings: lane.happenings.map(({ at, text }) => ({ at: at + 1, text })) });
    expect(found.map(({ diagram }) => sameSituation({ ...diagram, lanes: diagram.lanes.map((lane) => (['watermark', 'panes', 'late'].includes(lane.name) ? differs(lane) : lane)) })).filter((it) => it !== undefined)).toStrictEqual([]);
  });
});
