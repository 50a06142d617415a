import { readFileSync, statSync, type Stats } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { extname } from 'node:path';
import { exhaustMap, ignoreElements, interval, type Observable } from 'rxjs';
import { isMap, isScalar, LineCounter, parseDocument } from 'yaml';
import type { Millis } from '../../operators/index.js';
import { decodeReferenceData, type ReferenceData } from '../model/referenceData.js';
import { FileError, fileError } from './fileError.js';

/*
 * Back pressure: none is needed; the file is looked at again only after the last look is over.
 *
 * Delivery guarantee: what `current` tells is always one whole version of the file, at most a few
 * seconds old.
 *
 * On failure: at the start a fatal error. Later a file that is gone or wrong is told once, and what
 * was known before stays in force until the file changes again.
 */

export interface ReferenceFileOptions {
  /** Told of a change that was not taken over. */
  readonly warn: (event: 'reference_data_refused', fields: { readonly error: string }) => void;
  /** When to look whether the file has changed. Default: every 5 s. */
  readonly looks$?: Observable<unknown>;
}

export interface ReferenceFile {
  /** What is known now; answers without waiting. */
  readonly current: () => ReferenceData;
  /** Keeps `current` up to date while it is subscribed. Emits nothing and ends with `looks$`, by default never. */
  readonly refresh$: Observable<never>;
}

const EVERY: Millis = 5_000;

/**
 * Reference data from a file, JSON or YAML by its extension:
 *
 *     accounts:           # account number: customer segment
 *       ACC123456: gold
 *     pages:              # page title, in any case and spacing: standard name
 *       Home Page: home
 *
 * Everything in a YAML file is text, so account numbers keep their leading zeros. Large files are
 * better JSON: a hundred thousand entries take about a second as YAML, during which nothing else runs.
 *
 * A change is seen by the file's time, size and identity, so one that is swapped by a symbolic link
 * (a config map) is seen, too.
 *
 * Errors: throws a `FileError` that says all that is wrong.
 */
export function referenceFile(path: string, { warn, looks$ = interval(EVERY) }: ReferenceFileOptions): ReferenceFile {
  let seen = '';
  let data: ReferenceData;
  const cannotRead = `cannot read reference data ${path}`;
  try {
    seen = versionOf(statSync(path));
    data = parse(path, readFileSync(path, 'utf8'));
  } catch (thrown) {
    throw fileError(cannotRead, thrown);
  }

  const look = async (): Promise<void> => {
    let version = 'unreadable';
    try {
      version = versionOf(await stat(path));
      if (version !== seen) data = parse(path, await readFile(path, 'utf8'));
    } catch (thrown) {
      if (version !== seen) warn('reference_data_refused', { error: fileError(cannotRead, thrown).message });
    }
    seen = version;
  };
  return { current: () => data, refresh$: looks$.pipe(exhaustMap(look), ignoreElements()) };
}

const versionOf = ({ dev, ino, size, mtimeMs, ctimeMs }: Stats): string => [dev, ino, size, mtimeMs, ctimeMs].join();

/** More of them would not be read. */
const MOST_FAULTS = 10;

function parse(path: string, text: string): ReferenceData {
  const decoded = decodeReferenceData(syntaxOf(path)(text.replace(/^\uFEFF/, '')));
  if (decoded._tag === 'Right') return decoded.right;
  const faults = decoded.left.slice(0, MOST_FAULTS).map(({ path: place, expected, got }) => `${place}: expected ${expected}; got ${got}`);
  const more = decoded.left.length > MOST_FAULTS ? [`and ${decoded.left.length - MOST_FAULTS} more`] : [];
  throw new FileError([`reference data ${path}:`, ...faults, ...more].join('\n  '));
}

/** How to read the file, by its extension; the result is not checked yet. */
const syntaxOf = (path: string): ((text: string) => unknown) => {
  switch (extname(path).toLowerCase()) {
    case '.json':
      return JSON.parse;
    case '.yaml':
    case '.yml':
      return parseYaml;
    default:
      throw new FileError(`reference data ${path}: expected a name that ends with .yaml, .yml or .json`);
  }
};

const parseYaml = (text: string): unknown => {
  const lines = new LineCounter();
  // Its own check for equal keys compares each with each.
  const document = parseDocument(text, { schema: 'failsafe', lineCounter: lines, prettyErrors: false, uniqueKeys: false });
  const [error] = [...document.errors, ...document.warnings];
  if (error) throw new Error(`line ${lines.linePos(error.pos[0]).line}: ${error.message}`);
  refuseEqualKeys(document.contents, lines);
  return document.toJS();
};

const refuseEqualKeys = (node: unknown, lines: LineCounter): void => {
  if (!isMap(node)) return;
  const seen = new Set<string>();
  for (const { key, value } of node.items) {
    const name = String(key);
    if (seen.has(name)) throw new Error(`line ${lines.linePos(isScalar(key) ? (key.range?.[0] ?? 0) : 0).line}: ${name} stands there twice`);
    seen.add(name);
    refuseEqualKeys(value, lines);
  }
};
