import type { KeptLetter } from '../../src/model/keptLetter.js';
import { counted, verdictOn, type Selection } from '../../src/redrive/verdict.js';

interface Change extends Partial<Omit<KeptLetter, 'message'>> {
  readonly attributes?: Readonly<Record<string, string>>;
}

const letter = ({ attributes = {}, ...change }: Change = {}): KeptLetter => ({
  place: '0:7@1', reason: 'late', since: 1_000, truncated: false, message: { id: '5', publishTime: 1, attributes, body: 'x' }, ...change,
});

const ALL: Selection = { reasons: undefined, since: undefined, maxRedrives: 3 };

const hundred = Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`a${i}`, '']));

test.each<[string, KeptLetter, Partial<Selection>, string]>([
  ['anything, unless something else is said', letter(), {}, 'redriven'],
  ['one of the reasons that are wanted', letter(), { reasons: ['future', 'late'] }, 'redriven'],
  ['one of no reason that is wanted', letter(), { reasons: ['future'] }, 'other'],
  ['one of that very instant', letter(), { since: 1_000 }, 'redriven'],
  ['an earlier one', letter(), { since: 1_001 }, 'other'],
  ['one that does not say when', letter({ since: undefined }), { since: 0 }, 'other'],
  ['one that was sent', letter({ place: '0:8@1' }), {}, 'redriven_before'],
  ['one that was sent and is not wanted', letter({ place: '0:8@1' }), { reasons: ['invalid'] }, 'other'],
  ['one that was sent from the same place in another topic of that name', letter({ place: '0:8@2' }), {}, 'redriven'],
  ['a beginning', letter({ truncated: true }), {}, 'truncated'],
  ['a result', letter({ reason: 'too_large' }), {}, 'no_event'],
  ['one with a redrive to go', letter({ attributes: { redrive_count: '2' } }), {}, 'redriven'],
  ['one that has had them all', letter({ attributes: { redrive_count: '3' } }), {}, 'too_often'],
  ['one that has had fewer than are allowed here', letter({ attributes: { redrive_count: '3' } }), { maxRedrives: 4 }, 'redriven'],
  ['one whose count is none of ours', letter({ attributes: { redrive_count: 'never' } }), { maxRedrives: 1 }, 'redriven'],
  ['one with no room for a count', letter({ attributes: hundred }), {}, 'too_many_attributes'],
  ['one that has its count among the hundred', letter({ attributes: { ...Object.fromEntries(Object.entries(hundred).slice(1)), redrive_count: '1' } }), {}, 'redriven'],
])('%s', (_, it, selection, verdict) => {
  expect(verdictOn(it, { ...ALL, ...selection }, new Set(['0:8@1']))).toBe(verdict);
});

test('what is sent again is the message, with one redrive more', () => {
  expect(counted(letter({ attributes: { source: 'ga4' } })).message).toEqual({ id: '5', publishTime: 1, attributes: { source: 'ga4', redrive_count: '1' }, body: 'x' });
  expect(counted(letter({ attributes: { redrive_count: '2' } })).message.attributes).toEqual({ redrive_count: '3' });
  expect(counted(letter({ attributes: { redrive_count: '-8' } })).message.attributes).toEqual({ redrive_count: '1' });
});
