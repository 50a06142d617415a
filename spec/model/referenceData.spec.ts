import * as fc from 'fast-check';
import { decodeReferenceData, normaliseTitle, NO_REFERENCE_DATA, segmentOf, standardPage, type ReferenceData } from '../../src/model/referenceData.js';

const known = (value: unknown): ReferenceData => {
  const decoded = decodeReferenceData(value);
  if (decoded._tag === 'Left') throw new Error(JSON.stringify(decoded.left));
  return decoded.right;
};

describe('normaliseTitle', () => {
  test.each([
    ['Home Page', 'Home Page'],
    ['  Home \t\n Page ', 'Home Page'],
    ['Home\u00A0Page', 'Home Page'],
    ['Home\u2003Page', 'Home Page'],
    ['Zur U\u0308bersicht', 'Zur \u00DCbersicht'],
    ['首页', '首页'],
    ['HOME', 'HOME'],
    ['', ''],
    [' \u00A0 ', ''],
  ])('%j is %j', (title, normalised) => {
    expect(normaliseTitle(title)).toBe(normalised);
  });

  const titles = fc.array(fc.oneof(fc.constantFrom(' ', '  ', '\u00A0', 'a', '\u00FC', 'u', '\u0308', 'A\u030A', '\u212B', '\u3000'), fc.string({ unit: 'binary' }))).map((parts) => parts.join(''));

  test('law: titles that look the same become the same, and stay so', () => {
    fc.assert(
      fc.property(titles, (title) => {
        const normalised = normaliseTitle(title);
        expect(normaliseTitle(normalised)).toBe(normalised);
        expect(normaliseTitle(` ${title.normalize('NFD')}\t`)).toBe(normalised);
        expect(normalised).toBe(title.normalize('NFC').trim().replace(/\s+/g, ' '));
      }),
    );
  });
});

describe('reference data', () => {
  test('knows segments by account and standard pages by title, in any case and spacing', () => {
    const data = known({ accounts: { '007': 'gold' }, pages: { ' Home  PAGE': 'home', 'ÜBERSICHT': 'overview' } });
    expect(segmentOf(data, '007')).toBe('gold');
    expect(segmentOf(data, '7')).toBeUndefined();
    expect(standardPage(data, 'home page')).toBe('home');
    expect(standardPage(data, normaliseTitle('Home Page '))).toBe('home');
    expect(standardPage(data, 'Übersicht')).toBe('overview');
    expect(standardPage(data, 'Basket')).toBeUndefined();
  });

  test('both sections are optional', () => {
    expect(known({})).toEqual(NO_REFERENCE_DATA);
    expect(segmentOf(NO_REFERENCE_DATA, '1')).toBeUndefined();
    expect(standardPage(NO_REFERENCE_DATA, 'Home')).toBeUndefined();
  });

  test.each(['__proto__', 'constructor', 'toString'])('%s is an account and a title like any other', (name) => {
    const empty = known({ accounts: {}, pages: { other: 'x' } });
    expect(segmentOf(empty, name)).toBeUndefined();
    expect(standardPage(empty, name)).toBeUndefined();
    const section = JSON.parse(`{"${name}":"x"}`);
    const full = known({ accounts: section, pages: section });
    expect(segmentOf(full, name)).toBe('x');
    expect(standardPage(full, name)).toBe('x');
  });

  test('two spellings of a title may have one name, but not two', () => {
    expect(standardPage(known({ pages: { Home: 'home', 'home ': 'home' } }), 'HOME')).toBe('home');
    expect(decodeReferenceData({ pages: { Home: 'home', 'home ': 'start' } })).toEqual({
      _tag: 'Left',
      left: [{ path: '$.pages.home ', expected: '"home", as for another spelling of this title', got: '"start"' }],
    });
  });

  test.each<{ name: string; value: unknown; path: string; expected: string; got: string }>([
    { name: 'nothing', value: null, path: '$', expected: 'accounts and pages, both optional', got: 'null' },
    { name: 'a list', value: [], path: '$', expected: 'accounts and pages, both optional', got: 'an array of 0' },
    { name: 'a section that is none', value: { accounts: 'x' }, path: '$.accounts', expected: 'segments by account number', got: '"x"' },
    { name: 'a segment that is no text', value: { accounts: { 1: 2 } }, path: '$.accounts.1', expected: 'text that is not blank', got: '2' },
    { name: 'a blank name', value: { pages: { Home: ' ' } }, path: '$.pages.Home', expected: 'text that is not blank', got: '" "' },
    { name: 'a section nobody knows', value: { page: {} }, path: '$.page', expected: 'only accounts and pages', got: 'a section page' },
  ])('refuses $name', ({ value, path, expected, got }) => {
    expect(decodeReferenceData(value)).toEqual({ _tag: 'Left', left: [{ path, expected, got }] });
  });

  test('says all that is wrong', () => {
    const decoded = decodeReferenceData({ accounts: { 1: 2, 3: 4 }, pages: 5 });
    expect(decoded).toMatchObject({ left: [{ path: '$.accounts.1' }, { path: '$.accounts.3' }, { path: '$.pages' }] });
  });
});
