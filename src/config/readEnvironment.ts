import { closest } from './closest.js';
import type { ConfigError } from './configError.js';
import type { Given, Layer } from './given.js';
import type { SettingTable } from './setting.js';

export type Environment = Readonly<Record<string, string | undefined>>;

const PREFIX = 'PAGES_VIEWED_';

/** Kubernetes sets such variables in every pod beside a service that is called pages-viewed. */
const SERVICE_LINK = /_(SERVICE_HOST|SERVICE_PORT\w*|PORT_\d+_(TCP|UDP)\w*)$/;

/**
 * Reads `PAGES_VIEWED_<FLAG>`, in the flag's unit. An empty value is as good as none, as compose
 * files leave them. One that no command knows (`known`) is an error: it was meant to do something.
 */
export const readEnvironment = (table: SettingTable, known: readonly string[], env: Environment): Layer => {
  const given = new Map<string, Given>();
  const errors: ConfigError[] = [];
  for (const [variable, text] of Object.entries(env)) {
    if (!variable.startsWith(PREFIX) || text === undefined || text === '') continue;
    const name = variable.slice(PREFIX.length).toLowerCase();
    const setting = Object.hasOwn(table, name) ? table[name] : undefined;
    if (setting !== undefined && variable === variableOf(name)) given.set(name, { raw: setting.kind.fromText(text), source: variable });
    else if (!known.includes(name) || variable !== variableOf(name)) errors.push({ key: variable, source: undefined, rule: noSuchVariable(variable, known) });
  }
  return { given, errors };
};

const variableOf = (name: string): string => `${PREFIX}${name.toUpperCase()}`;

const noSuchVariable = (variable: string, known: readonly string[]): string =>
  SERVICE_LINK.test(variable)
    ? 'there is no such setting; if Kubernetes set it for a service of that name, set enableServiceLinks: false'
    : `there is no such setting${closest(variable, known.map(variableOf))}`;
