import * as t from 'io-ts';

/** BigQuery writes null for what is not there. */
export const nullable = <A>(codec: t.Type<A>): t.Type<A | null> =>
  new t.Type(codec.name, (value): value is A | null => value === null || codec.is(value), (value, context) => (value === null ? t.success(null) : codec.validate(value, context)), t.identity);
