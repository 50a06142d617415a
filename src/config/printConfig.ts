import type { EffectiveSetting } from './effectiveSettings.js';

/**
 * The effective settings as YAML that `--config` reads back, each with its source. What follows from
 * other settings is shown as a comment, so that it still follows from them when it is read back;
 * a secret is left out.
 */
export const printConfig = (settings: readonly EffectiveSetting[]): string => {
  const lines = ['# Effective settings of pages-viewed run, to be read back with --config.'];
  let heading = '';
  for (const { group, name, value, isDerived, isSecret, notes } of settings) {
    if (group !== heading) {
      heading = group;
      lines.push('', `# ${heading}`);
    }
    const comment = notes.join('; ');
    if (isSecret) lines.push(`# ${name}: ***  # left out here; ${comment}`);
    else if (isDerived) lines.push(`# ${name}: ${yaml(value)}${comment === '' ? '' : `  # ${comment}`}`);
    else lines.push(`${name}: ${yaml(value)}  # ${comment}`);
  }
  return `${lines.join('\n')}\n`;
};

/** JSON is YAML, and leaves no doubt about what is text. */
const yaml = (value: unknown): string => (value === undefined ? 'not set' : JSON.stringify(value));
