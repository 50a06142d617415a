import { list } from './shape.js';

/** In format 1 the visits of all sessions of a key were one list behind one tab. */
export const sinceFormat1 = (lines: Buffer): Buffer =>
  Buffer.from(lines.toString().replace(/\t[^\n]*/g, (visits) => list(JSON.parse(visits)).map((each) => `\t${JSON.stringify(each)}`).join('')));
