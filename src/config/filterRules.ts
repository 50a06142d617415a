import * as t from 'io-ts';
import type { FilterRule } from '../model/filterRule.js';
import { closest } from './closest.js';
import type { Kind } from './kind.js';

/**
 * Filter rules, as a list of records in YAML
 *
 *     filter:
 *       - { name: staff, action: exclude, field: account_number, one_of: [ACC1, ACC2] }
 *       - { name: shop only, action: include, field: page_title, matches: "^Shop" }
 *
 * or, as a flag that may be repeated (in the environment: one rule per line), in words:
 *
 *     --filter 'staff: exclude account_number one_of ACC1,ACC2'
 *     --filter 'shop only: include page_title matches ^Shop'
 */
export const filterRules: Kind<readonly FilterRule[]> = {
  codec: new t.Type<readonly FilterRule[], unknown>(
    'a list of rules',
    (value): value is readonly FilterRule[] => Array.isArray(value),
    (raw, context) => {
      if (!Array.isArray(raw)) return t.failure(raw, context);
      const errors: t.Errors = [];
      const rules: FilterRule[] = [];
      raw.forEach((item: unknown, index) => {
        const fail: Fail = (rule, value, key) => {
          const at = t.appendContext(context, String(index), Rule, item);
          errors.push({ value, context: key === undefined ? at : t.appendContext(at, key, Rule, value), message: rule });
        };
        const rule = readRule(item, fail);
        if (rule === undefined) return;
        if (rules.some(({ name }) => name === rule.name)) fail('another rule has that name', rule.name, 'name');
        rules.push(rule);
      });
      return errors.length > 0 ? t.failures(errors) : t.success(rules);
    },
    (rules) => rules.map(writeRule),
  ),
  placeholder: 'rule',
  fromText: (text) => text.split('\n').filter((line) => line.trim() !== '').map(ruleFromText),
  separator: '\n',
};

const Rule = t.UnknownRecord;

type Fail = (rule: string, value: unknown, key?: string) => void;

const TESTS = ['equals', 'one_of', 'matches'] as const;
const KEYS: readonly string[] = ['name', 'action', 'field', ...TESTS];
const WORDS = /^\s*(?<name>[^:]*?)\s*:\s*(?<action>\S+)\s+(?<field>\S+)\s+(?<test>equals|one_of|matches)\s+(?<operand>.*?)\s*$/s;

/** Text that does not have the form is left as it is: the codec says what the form is. */
const ruleFromText = (text: string): unknown => {
  const words = WORDS.exec(text)?.groups;
  if (words?.['test'] === undefined || words['operand'] === undefined) return text;
  const { name, action, field, test, operand } = words;
  return { name, action, field, [test]: test === 'one_of' ? operand.split(',').map((it) => it.trim()) : operand };
};

const readRule = (item: unknown, fail: Fail): FilterRule | undefined => {
  if (!Rule.is(item) || Array.isArray(item)) {
    fail("expected 'NAME: include|exclude FIELD equals|one_of|matches VALUE', or in YAML a record of name, action, field and one of equals, one_of, matches", item);
    return undefined;
  }
  for (const key of Object.keys(item)) if (!KEYS.includes(key)) fail(`there is no such key${closest(key, KEYS)}`, item[key], key);

  const { name, action, field } = item;
  if (!isText(name)) fail('expected a name: dead letters of the rule carry it', name ?? null, 'name');
  if (action !== 'include' && action !== 'exclude') fail('expected include or exclude', action ?? null, 'action');
  if (!isText(field)) fail('expected the name of a field', field ?? null, 'field');
  const test = readTest(item, fail);

  if (!isText(name) || (action !== 'include' && action !== 'exclude') || !isText(field) || test === undefined) return undefined;
  return { name, action, field, ...test };
};

const readTest = (item: Readonly<Record<string, unknown>>, fail: Fail): Pick<FilterRule, 'equals' | 'oneOf' | 'matches'> | undefined => {
  const [key, another] = TESTS.filter((it) => item[it] !== undefined);
  if (key === undefined || another !== undefined) {
    fail('expected exactly one of equals, one_of, matches', item);
    return undefined;
  }
  const operand = item[key];
  switch (key) {
    case 'equals':
      if (typeof operand === 'string') return { equals: operand };
      fail('expected text (in YAML put numbers in quotes)', operand, key);
      return undefined;
    case 'one_of':
      if (t.array(t.string).is(operand) && operand.length > 0) return { oneOf: operand };
      fail('expected a list of texts (in YAML put numbers in quotes)', operand, key);
      return undefined;
    case 'matches':
      try {
        if (isText(operand)) return { matches: new RegExp(operand, 'u') };
        fail('expected a regular expression', operand, key);
      } catch (error) {
        fail(`expected a regular expression of JavaScript${error instanceof Error ? ` (${error.message})` : ''}`, operand, key);
      }
      return undefined;
  }
};

const isText = (value: unknown): value is string => typeof value === 'string' && value.trim() !== '';

const writeRule = ({ name, action, field, equals, oneOf, matches }: FilterRule): unknown => ({
  name,
  action,
  field,
  ...(equals === undefined ? {} : { equals }),
  ...(oneOf === undefined ? {} : { one_of: oneOf }),
  ...(matches === undefined ? {} : { matches: matches.source }),
});
