import * as fc from 'fast-check';
import { memberText } from '../../src/model/memberText.js';

describe('memberText', () => {
  test.each([
    { name: 'an object', json: '{"data":{"a":1}}', text: '{"a":1}' },
    { name: 'white space is left out around it and kept within', json: ' { "id" : 1 , "data" : [ 1, 2 ] } ', text: '[ 1, 2 ]' },
    { name: 'members of the same name further in do not count', json: '{"a":{"data":1},"b":[{"data":2}],"data":3}', text: '3' },
    { name: 'the name may be a value too', json: '{"a":"data","data":1,"b":"data"}', text: '1' },
    { name: 'signs inside strings are text', json: '{"a":"{[:,\\"}\\\\","data":"]},\\"data\\":1"}', text: '"]},\\"data\\":1"' },
    { name: 'digits that a number would lose', json: '{"data":{"id":12345678901234567890.10}}', text: '{"id":12345678901234567890.10}' },
    { name: 'members of one name all stay', json: '{"data":{"a":1,"a":2}}', text: '{"a":1,"a":2}' },
    { name: 'the last member counts, as for JSON.parse', json: '{"data":1,"data":2}', text: '2' },
    { name: 'the name may be written in escapes', json: '{"\\u0064ata":1}', text: '1' },
    { name: 'nothing, where there is no such member', json: '{"a":[{"data":1}]}', text: '' },
  ])('$name', ({ json, text }) => {
    expect(memberText(json, 'data')).toBe(text);
  });

  test('depth does not matter', () => {
    const deep = `${'['.repeat(200_000)}${']'.repeat(200_000)}`;
    expect(memberText(`{"data":${deep}}`, 'data')).toHaveLength(deep.length);
  });

  test('law: it is the text of what JSON.parse finds there, whatever else there is', () => {
    const names = fc.constantFrom('data', 'a', '"', '\\', '__proto__', 'd,a:ta}');
    fc.assert(
      fc.property(fc.dictionary(names, fc.jsonValue()), fc.jsonValue(), fc.nat(2), (others, value, indent) => {
        const json = JSON.stringify({ ...others, data: value }, undefined, indent);
        expect(memberText(json, 'data')).toBe(
          // An indented value is indented by its depth.
          indent === 0 ? JSON.stringify(value) : JSON.stringify(value, undefined, indent).replaceAll('\n', `\n${' '.repeat(indent)}`),
        );
      }),
    );
  });
});
