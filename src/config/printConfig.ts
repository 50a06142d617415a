import type { Layer } from './given.js';
import type { RunConfig } from './runConfig.js';
import { runSettings, RunSettings } from './runSettings.js';
import type { SettingTable } from './setting.js';

/**
 * The effective settings as YAML that `--config` reads back, each with its source. What follows from
 * other settings is shown as a comment, so that it still follows from them when it is read back;
 * a secret is left out.
 */
export const printConfig = (settings: RunSettings, config: RunConfig, { given }: Layer): string => {
  const values: Readonly<Record<string, unknown>> = RunSettings.encode(settings);
  const derived = derivedFrom(config);
  const table: SettingTable = runSettings;
  const lines = ['# Effective settings of pages-viewed run, to be read back with --config.'];
  let heading = '';
  for (const [name, { about, kind }] of Object.entries(table)) {
    if (about.notInFile === true) continue;
    if (about.group !== heading) {
      heading = about.group;
      lines.push('', `# ${heading}`);
    }
    const value = values[name];
    const notes = [kind.placeholder === 'seconds' ? 'seconds' : undefined, given.get(name)?.source ?? (value === undefined ? about.otherwise : 'default')];
    const comment = notes.filter((note) => note !== undefined).join('; ');
    if (value === undefined) lines.push(`# ${name}: ${yaml(derived[name])}${comment === '' ? '' : `  # ${comment}`}`);
    else if (about.secret === true) lines.push(`# ${name}: ***  # left out here; ${comment}`);
    else lines.push(`${name}: ${yaml(value)}  # ${comment}`);
  }
  return `${lines.join('\n')}\n`;
};

/** JSON is YAML, and leaves no doubt about what is text. */
const yaml = (value: unknown): string => (value === undefined ? 'not set' : JSON.stringify(value));

const derivedFrom = ({ windows, job, output }: RunConfig): Readonly<Record<string, unknown>> => ({
  historic_timeout: windows.historic === 'late' ? undefined : windows.historicTimeout / 1000,
  job,
  output: output._tag === 'File' ? output.path : undefined,
  dead_letter_output: output._tag === 'File' ? output.deadLetterPath : undefined,
  dead_letter_topic: output._tag === 'Kafka' && output.deadLetters._tag === 'Topic' ? output.deadLetters.topic : undefined,
});
