import type { EffectiveSetting } from '../config/effectiveSettings.js';
import { write } from './dom.js';
import { several, settingValue } from './format.js';
import { fillRows } from './rows.js';

/** Whether all words that are sought occur in a setting. */
export const isFound = (sought: string, { name, value, group, notes }: EffectiveSetting): boolean => {
  const text = [name, group, settingValue(value), ...notes].join(' ').toLowerCase();
  return sought.toLowerCase().split(/\s+/).every((word) => text.includes(word));
};

/** The configuration, which stays as it is while the program runs. */
export const settingsView = (body: HTMLTableSectionElement, filter: HTMLInputElement, found: HTMLElement): ((settings: readonly EffectiveSetting[]) => void) => {
  let shown: readonly EffectiveSetting[] = [];
  const show = (): void => {
    const rows = shown.filter((setting) => isFound(filter.value, setting));
    fillRows(body, rows.map(({ group, name, value, isSecret, notes }) => [
      { text: name, kind: 'mono' }, { text: isSecret ? '•••' : settingValue(value), kind: 'mono' }, { text: notes.join(', '), kind: 'quiet' }, { text: group, kind: 'quiet' },
    ]), 'no setting has that');
    write(found, several(rows.length, 'setting'));
  };
  filter.addEventListener('input', show);
  return (settings) => {
    if (settings.length === shown.length) return;
    shown = settings;
    show();
  };
};
