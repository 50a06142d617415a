import * as t from 'io-ts';

/** A codec that takes values as they are: those that `is` holds for. Its name is the rule, as a refusal tells it. */
export const guardedBy = <A>(rule: string, is: (value: unknown) => value is A): t.Type<A> =>
  new t.Type(rule, is, (value, context) => (is(value) ? t.success(value) : t.failure(value, context)), t.identity);
