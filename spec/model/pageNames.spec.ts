import * as fc from 'fast-check';
import { PageNames } from '../../src/model/pageNames.js';
import { NO_REFERENCE_DATA, decodeReferenceData, normaliseTitle, standardPage, type ReferenceData } from '../../src/model/referenceData.js';

const withPages = (pages: Readonly<Record<string, string>>): ReferenceData => {
  const decoded = decodeReferenceData({ pages });
  if (decoded._tag === 'Left') throw new Error(JSON.stringify(decoded.left));
  return decoded.right;
};

describe('page names', () => {
  const twoPages = withPages({ 'Home Page': 'Home', Café: 'Coffee' });

  test('are the standard name where the reference data knows the title in any spelling, else the normalised title', () => {
    const names = new PageNames(() => twoPages);
    expect(['Home Page', '  home\u00A0 PAGE ', 'Cafe\u0301', ' a \t b ', '__proto__', 'constructor'].map((title) => names.of(title))).toEqual([
      { title: 'Home Page', page: 'Home' }, { title: '  home\u00A0 PAGE ', page: 'Home' }, { title: 'Cafe\u0301', page: 'Coffee' }, { title: ' a \t b ', page: 'a b' },
      { title: '__proto__', page: '__proto__' }, { title: 'constructor', page: 'constructor' },
    ]);
  });
  test('are those of the reference data of the moment', () => {
    let known = NO_REFERENCE_DATA;
    const names = new PageNames(() => known);
    const seen = [names.of('Home Page').page];
    for (const page of ['Home', 'Start', undefined]) {
      known = page === undefined ? NO_REFERENCE_DATA : withPages({ 'home page': page });
      seen.push(names.of('Home Page').page, names.of('Home Page').page);
    }
    expect(seen).toEqual(['Home Page', 'Home', 'Home', 'Start', 'Start', 'Home Page', 'Home Page']);
  });

  test('are right also for a site with more titles than are remembered', () => {
    const names = new PageNames(() => twoPages);
    const titles = Array.from({ length: 25_000 }, (_, n) => ` Page  ${n} `);
    expect(titles.every((title, n) => names.of(title).page === `Page ${n}`)).toBe(true);
    expect(titles.every((title, n) => names.of(title).title === title && names.of(title).page === `Page ${n}`)).toBe(true);
    expect(names.of('HOME PAGE').page).toBe('Home');
  });

  test('law: what is remembered is what would be looked up', () => {
    const references = [NO_REFERENCE_DATA, withPages({ a: 'A', 'b b': 'B' }), withPages({ a: 'Alpha' })];
    const step = fc.record({ title: fc.constantFrom('a', 'A', ' a', 'b b', 'B\tB', 'c'), reference: fc.nat(references.length - 1) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        let known = NO_REFERENCE_DATA;
        const names = new PageNames(() => known);
        for (const { title, reference } of steps) {
          known = references[reference] ?? NO_REFERENCE_DATA;
          const normal = normaliseTitle(title);
          expect(names.of(title)).toEqual({ title, page: standardPage(known, normal) ?? normal });
        }
      }),
    );
  });
});
