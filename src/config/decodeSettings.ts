import { isRight, left, type Either } from 'fp-ts/lib/Either.js';
import type * as t from 'io-ts';
import type { ConfigError, ConfigErrors } from './configError.js';
import type { Layer } from './given.js';
import type { SettingTable } from './setting.js';

/** Sends everything that was given through the one codec of the table; each refusal becomes an error that says where the value came from. */
export const decodeSettings = <A>(codec: t.Decoder<unknown, A>, table: SettingTable, { given }: Layer): Either<ConfigErrors, A> => {
  const decoded = codec.decode(Object.fromEntries([...given].map(([name, { raw }]) => [name, raw])));
  if (isRight(decoded)) return decoded;
  return left(
    decoded.left.map(({ context, value, message }): ConfigError => {
      const [setting = '', ...inside] = context.slice(1).map(({ key }) => key);
      const it = given.get(setting);
      return {
        key: setting + inside.map((key) => (/^\d+$/.test(key) ? `[${key}]` : `.${key}`)).join(''),
        source: it?.source,
        rule: it === undefined ? `is required: ${table[setting]?.name ?? ''}` : (message ?? `expected ${context.at(-1)?.type.name ?? ''}`),
        ...(it === undefined ? {} : { value: table[setting]?.about.secret === true ? '***' : value }),
      };
    }),
  );
};
