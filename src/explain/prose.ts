import type { Fault } from '../model/deadLetter.js';
import { PageTime } from '../model/pageTime.js';
import type { Arrived, Consequence, Fate, Story } from './story.js';
import { isRule, type Words } from './words.js';

/** A story in sentences, one line each, with the time before it: why each event became what it became, and what moved what. */
export const prose = ({ sessionId, happenings }: Story, words: Words): string => {
  const own = new Set(happenings.flatMap((it) => (it._tag === 'Arrived' ? [it.line] : [])));
  const lines = happenings.map((it) => ({ at: words.time(it.at), text: it._tag === 'Arrived' ? arrival(it, words) : `${cause(it, own, words)}${consequence(it, words)}` }));
  const width = Math.max(...lines.map(({ at }) => at.length));
  return [`What happened to ${sessionId}:`, ...lines.map(({ at, text }) => `  ${at.padStart(width)}  ${text}`)].map((line) => `${line}\n`).join('');
};

const arrival = ({ line, event, timestamp, watermark, fate }: Arrived, words: Words): string => {
  const page = typeof event['page_title'] === 'string' ? JSON.stringify(event['page_title']) : 'an event without a page';
  const when = Number.isNaN(timestamp) ? 'at no readable time' : `of ${words.time(timestamp)}`;
  const met = watermark === -Infinity ? 'before the watermark has begun' : `with the watermark at ${words.time(watermark)}`;
  return `line ${line}: ${page} ${when} comes ${met}. It ${became(fate, timestamp, watermark, words)}.`;
};

const became = (fate: Fate, timestamp: number, watermark: number, words: Words): string => {
  switch (fate._tag) {
    case 'Opened': return `opens a session, ${words.window(fate.window)}`;
    case 'Joined': return `joins the session, which is ${words.window(fate.window)} now`;
    case 'Merged': return `makes one session of ${fate.before.map((it) => words.window(it)).join(' and ')}: ${words.window(fate.window)}`;
    case 'DuplicateId': return `is a duplicate: its message id came before${lineOf(fate.line)}. It changes nothing`;
    case 'DuplicateView': return `is a duplicate: the same page at the same time came before${lineOf(fate.line)}. It changes nothing`;
    case 'Refused': return refused(fate, timestamp, watermark, words);
  }
};

const lineOf = (line: number | undefined): string => (line === undefined ? '' : `, on line ${line}`);

const refused = ({ deadLetter: { reason, faults }, closed }: Fate & { readonly _tag: 'Refused' }, timestamp: number, watermark: number, words: Words): string => {
  if (reason !== 'late') return `is refused, ${reason}: ${faults.map(faultText).join('; ')}`;
  const behind = watermark > timestamp ? `the watermark is ${(watermark - timestamp) / 1_000} s past it` : 'it touches what is closed';
  const known = closed.length === 0
    ? 'and there is no session of that time (--historic late)'
    : `and what is closed of the session is still remembered: ${closed.map((it) => words.window(it)).join(', ')}`;
  return `is late: ${behind}, ${known}`;
};

const faultText = ({ path, expected, got }: Fault): string => `${path} is ${got}, expected ${expected}`;

const cause = ({ cause: by, watermark }: Consequence, own: ReadonlySet<number>, words: Words): string => {
  if (by === 'end') return 'the end of the recording: ';
  if (by === 'clock') return 'the clock: ';
  return own.has(by) ? `line ${by}: ` : `line ${by}, of another session, moves the watermark to ${words.time(watermark)}: `;
};

const consequence = (it: Consequence, words: Words): string => {
  switch (it._tag) {
    case 'Pane': {
      const { timing, index, isLast, historic, forced, window } = it.pane;
      const kinds = [isLast && 'the last one', historic && 'historic', forced !== false && `forced by ${forced}`].filter((kind) => kind !== false);
      return `${timing} pane ${index}${kinds.map((kind) => `, ${kind}`).join('')}, of ${words.window(window)}.`;
    }
    case 'Told': {
      const { value, revision } = it.result.emitted;
      const said = value instanceof PageTime ? `${value.timeSpent / 1_000} s on ${JSON.stringify(value.page)}` : JSON.stringify(value.shown());
      return `it tells ${said}${isRule(value) ? ' (the gap, not a measurement)' : ''}, revision ${revision}.`;
    }
    case 'EarlyDue': return `an early pane is due at ${words.time(it.due)}.`;
    case 'Closed': return `the session ${words.window(it.window)} is let go.`;
    case 'Forgotten': return `${it.windows.map((window) => words.window(window)).join(', ')} is not remembered any more: an event of that time would be historic.`;
  }
};
