import { idsText } from './idsText.js';
import { list, number, text } from './shape.js';

/** In format 1 each message id was a line of its own, and the visits of all sessions of a key were one list behind one tab. */
export const sinceFormat1 = (lines: Buffer): Buffer => Buffer.from(lines.toString().split('\n').map(lineSince).join('\n'));

const lineSince = (line: string): string => {
  if (/^\["[ip]"/.test(line)) return idSince(list(JSON.parse(line)));
  const [value = '', visits] = line.split('\t');
  return visits === undefined ? value : [value, ...list(JSON.parse(visits)).map((each) => JSON.stringify(each))].join('\t');
};

const idSince = ([kind, id, seenAt]: readonly unknown[]): string => `["i",${idsText([{ id: text(id), seenAt: number(seenAt), pinned: kind === 'p' }])}]`;
