import * as t from 'io-ts';
import type { Kind } from './kind.js';

/** What is known about a setting besides its values. */
export interface About {
  /** Heading in the help text and in `--print_config`. */
  readonly group: string;
  /** What it does and, where that is not plain, why the default is what it is. */
  readonly description: string;
  /** As it would stand in YAML. */
  readonly default?: unknown;
  /** What holds when it is not given and has no fixed default, in words. */
  readonly otherwise?: string;
  /** Its value is masked wherever a configuration is shown: a password, or what identifies a person. */
  readonly secret?: true;
  /** Its value may tell of a person: the status page shows it only with --show_values. */
  readonly personal?: true;
  /** It says what to do with the configuration and is no part of it. */
  readonly notInFile?: true;
}

/** One setting, declared once: flags, environment, help, `--print_config` and the codec all come from it. */
export class Setting<A> extends t.Type<A, unknown> {
  constructor(
    readonly kind: Omit<Kind<A>, 'codec'>,
    codec: t.Type<A, unknown>,
    readonly about: About,
  ) {
    super(
      codec.name,
      (value): value is A => codec.is(value),
      (raw, context) => codec.validate(raw, context),
      (value) => codec.encode(value),
    );
  }
}

export const setting = <A>(kind: Kind<A>, about: About): Setting<A> => new Setting(kind, kind.codec, about);

/** The settings of one command, by flag name; all that can be said without knowing the types of their values. */
export type SettingTable = Readonly<Record<string, Pick<Setting<unknown>, 'name' | 'about' | 'kind'>>>;
