import type { DeadLetter, Fault } from '../model/deadLetter.js';
import type { FilterRule } from '../model/filterRule.js';
import { fieldOf, type ValidEvent } from '../model/sessionEvent.js';
import { shown } from '../model/shown.js';

export interface Exclusions {
  /** Only this customer's events; without `field` the id is looked for in `customer_id`, then in `account_number`. */
  readonly customer: { readonly id: string; readonly field: string | undefined } | undefined;
  readonly rules: readonly FilterRule[];
}

type Check = (valid: ValidEvent) => Fault | undefined;

/**
 * Why an event is none of ours, if it is not: another kind of event than the product takes, another
 * customer, or a rule of the configuration. The first that refuses names itself.
 *
 * @param names the `event_name`s that the product takes; an event without one is taken for one of these
 */
export const exclusionOf = (names: readonly string[], { customer, rules }: Exclusions): Check => {
  const checks = [onlyNamed(names), ...(customer ? [onlyCustomer(customer)] : []), ...rules.map(byRule)];
  return (valid) => {
    for (const check of checks) {
      const fault = check(valid);
      if (fault) return fault;
    }
    return undefined;
  };
};

export const excluded = ({ event, message }: ValidEvent, fault: Fault | undefined): DeadLetter => ({
  reason: 'excluded', stage: 'filter', faults: fault ? [fault] : [], message, sessionId: event.session_id,
});

const onlyNamed = (names: readonly string[]): Check => {
  const expected = names.join(' or ');
  return ({ event: { event_name: name = null } }) => (name === null || names.includes(name) ? undefined : { path: '$.event_name', expected, got: shown(name) });
};

const onlyCustomer = ({ id, field }: NonNullable<Exclusions['customer']>): Check => ({ event }) => {
  // BigQuery writes null for what is not there.
  const name = field ?? ((fieldOf(event, 'customer_id') ?? undefined) === undefined ? 'account_number' : 'customer_id');
  const value = fieldOf(event, name);
  return asText(value) === id ? undefined : { path: `$.${name}`, expected: `customer_id_filter: ${JSON.stringify(id)}`, got: shown(value) };
};

const byRule = (rule: FilterRule): Check => {
  const expected = `${rule.name}: ${rule.action} ${condition(rule)}`;
  return ({ event }) => {
    const value = fieldOf(event, rule.field);
    const text = asText(value);
    const hit = text !== undefined && matches(rule, text);
    return hit === (rule.action === 'include') ? undefined : { path: `$.${rule.field}`, expected, got: shown(value) };
  };
};

const matches = ({ equals, oneOf, matches: pattern }: FilterRule, text: string): boolean =>
  text === equals || oneOf?.includes(text) === true || pattern?.test(text) === true;

const condition = ({ equals, oneOf, matches: pattern }: FilterRule): string => {
  if (equals !== undefined) return `equals ${JSON.stringify(equals)}`;
  return oneOf ? `one of ${JSON.stringify(oneOf)}` : `matches ${String(pattern)}`;
};

/** Numbers may come as strings, so both are compared as text. */
const asText = (value: unknown): string | undefined =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
