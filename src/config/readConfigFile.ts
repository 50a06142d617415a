import { isMap, isNode, isScalar, LineCounter, parseDocument } from 'yaml';
import { closest } from './closest.js';
import type { ConfigError } from './configError.js';
import type { Given, Layer } from './given.js';
import type { SettingTable } from './setting.js';

/** Reads a YAML file of settings, named like the flags. `readFile` throws when it cannot read. */
export const readConfigFile = (table: SettingTable, path: string, readFile: (path: string) => string): Layer => {
  try {
    return readYaml(table, path, readFile(path));
  } catch (error) {
    return refused({ key: 'config', source: path, rule: `cannot be read: ${error instanceof Error ? error.message : String(error)}` });
  }
};

const refused = (...errors: ConfigError[]): Layer => ({ given: new Map(), errors });

const readYaml = (table: SettingTable, path: string, yaml: string): Layer => {
  const lines = new LineCounter();
  const document = parseDocument(yaml, { lineCounter: lines, prettyErrors: false });
  const line = (offset: number | undefined): string => (offset === undefined ? path : `${path}:${lines.linePos(offset).line}`);

  const unreadable = [...document.errors, ...document.warnings];
  if (unreadable.length > 0) return refused(...unreadable.map(({ message, pos }) => ({ key: 'config', source: line(pos[0]), rule: `is not YAML: ${message}` })));

  const { contents } = document;
  if (contents === null) return refused();
  if (!isMap(contents)) return refused({ key: 'config', source: path, rule: 'expected settings, one "name: value" a line' });

  const inFile = Object.entries(table).flatMap(([name, { about }]) => (about.notInFile === true ? [] : [name]));

  const given = new Map<string, Given>();
  const errors: ConfigError[] = [];
  for (const { key, value } of contents.items) {
    const name = isScalar(key) ? String(key.value) : String(key);
    const source = line(isScalar(key) ? key.range[0] : undefined);
    if (!inFile.includes(name)) errors.push({ key: name, source, rule: `there is no such setting${closest(name, inFile)}` });
    else given.set(name, { raw: isNode(value) ? value.toJS(document) : null, source });
  }
  return { given, errors };
};
