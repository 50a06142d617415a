import type { Layer } from './given.js';
import type { RunConfig } from './runConfig.js';
import { runSettings, RunSettings } from './runSettings.js';
import type { SettingTable } from './setting.js';

/** A setting as it is in effect. */
export interface EffectiveSetting {
  readonly group: string;
  readonly name: string;
  /** As it would stand in YAML; undefined when it is not set. A secret is not here. */
  readonly value: unknown;
  /** It follows from other settings. */
  readonly isDerived: boolean;
  readonly isSecret: boolean;
  /** Its value may tell of a person. */
  readonly isPersonal: boolean;
  /** Where it came from, and its unit if it has one. */
  readonly notes: readonly string[];
}

/** All settings in the order in which they are declared, but for those that say what to do with the rest. */
export const effectiveSettings = (settings: RunSettings, config: RunConfig, { given }: Layer): readonly EffectiveSetting[] => {
  const values: Readonly<Record<string, unknown>> = RunSettings.encode(settings);
  const derived = derivedFrom(config);
  const table: SettingTable = runSettings;
  return Object.entries(table).flatMap(([name, { about, kind }]) => {
    if (about.notInFile === true) return [];
    const value = values[name];
    const isSecret = about.secret === true;
    const notes = [kind.placeholder === 'seconds' ? 'seconds' : undefined, given.get(name)?.source ?? (value === undefined ? about.otherwise : 'default')];
    return [{
      group: about.group,
      name,
      value: isSecret ? undefined : (value ?? derived[name]),
      isDerived: value === undefined,
      isSecret: isSecret && value !== undefined,
      isPersonal: about.personal === true,
      notes: notes.filter((note) => note !== undefined),
    }];
  });
};

const derivedFrom = ({ windows, job, output }: RunConfig): Readonly<Record<string, unknown>> => ({
  historic_timeout: windows.historic === 'late' ? undefined : windows.historicTimeout / 1000,
  job,
  output: output._tag === 'File' ? output.path : undefined,
  dead_letter_output: output._tag === 'File' ? output.deadLetterPath : undefined,
  dead_letter_topic: output._tag === 'Kafka' && output.deadLetters._tag === 'Topic' ? output.deadLetters.topic : undefined,
});
