import type { ConfigError } from './configError.js';
import type { SettingTable } from './setting.js';

/** A value as it stood in its source: not judged yet. */
export interface Given {
  readonly raw: unknown;
  /** `--window_size`, `PAGES_VIEWED_WINDOW_SIZE`, `pipeline.yaml:12`; undefined for a default. */
  readonly source: string | undefined;
}

/** What one source said, by setting, and what in it was no setting at all. */
export interface Layer {
  readonly given: ReadonlyMap<string, Given>;
  readonly errors: readonly ConfigError[];
}

/** Later layers win. Under all of them lie the defaults. */
export const merge = (table: SettingTable, layers: readonly Layer[]): Layer => {
  const given = new Map<string, Given>();
  for (const [name, { about }] of Object.entries(table)) if (about.default !== undefined) given.set(name, { raw: about.default, source: undefined });
  for (const layer of layers) for (const [name, it] of layer.given) given.set(name, it);
  return { given, errors: layers.flatMap(({ errors }) => errors) };
};
