import { readdirSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Diagram } from '../../marbles/index.js';

/** A diagram of the package, and where it is. */
export interface Kept {
  readonly file: string;
  readonly diagram: Diagram;
}

export const FILES = readdirSync('marbles', { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.marbles.ts')).map((file) => `marbles/${file}`).sort();

const isDiagram = (value: unknown): value is Diagram => typeof value === 'object' && value !== null && 'play' in value && 'score' in value;

/** All that `marbles/*.marbles.ts` export. */
export const DIAGRAMS: readonly Kept[] = FILES.flatMap((file) =>
  Object.values(jest.requireActual<Readonly<Record<string, unknown>>>(resolve(file))).filter(isDiagram).map((diagram) => ({ file, diagram })));

/** Those of one file, as `describe.each` wants them. */
export const diagramsOf = (file: string): readonly (readonly [string, Diagram])[] =>
  DIAGRAMS.filter((it) => it.file === file).map(({ diagram }) => [`${diagram.id}: ${diagram.title}`, diagram]);
