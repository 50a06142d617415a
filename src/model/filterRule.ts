/**
 * One rule of `--filter`. Rules are tried in the order they are given and the first that refuses an
 * event names it: an `include` rule refuses what it does not match, an `exclude` rule what it does.
 *
 * Exactly one of `equals`, `oneOf` and `matches` is set. They compare the field's value as text; an
 * event without the field matches none of them.
 */
export interface FilterRule {
  /** Unique among the rules; stands in the dead letter of what the rule refused. */
  readonly name: string;
  readonly action: 'include' | 'exclude';
  readonly field: string;
  readonly equals?: string;
  readonly oneOf?: readonly string[];
  /** Matches anywhere in the value unless the pattern itself is anchored; has no sticky or global state. */
  readonly matches?: RegExp;
}
