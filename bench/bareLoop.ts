import { closeSync, openSync, readSync, writeSync } from 'node:fs';

/**
 * The rival: the main job by hand in one function, without Rx, stages, dead letters, checkpoints or
 * any rule that the benchmark's events do not need. And the ceiling: reading the same bytes.
 */

const CHUNK = 1 << 20;

const eachLine = (path: string, onLine: (line: string) => void): void => {
  const file = openSync(path, 'r');
  const chunk = Buffer.allocUnsafe(CHUNK);
  let kept = 0;
  for (;;) {
    const read = readSync(file, chunk, kept, CHUNK - kept, null);
    if (read === 0) break;
    const filled = kept + read;
    const end = chunk.lastIndexOf(10, filled - 1) + 1;
    const text = chunk.toString('utf8', 0, end);
    let from = 0;
    for (let to = text.indexOf('\n'); to >= 0; to = text.indexOf('\n', from)) {
      onLine(text.slice(from, to));
      from = to + 1;
    }
    chunk.copyWithin(0, end, filled);
    kept = filled - end;
  }
  closeSync(file);
};

export const ceiling = (input: string): number => {
  let events = 0;
  eachLine(input, (line) => {
    JSON.parse(line);
    events += 1;
  });
  return events;
};

interface View { readonly at: number; readonly page: string }
interface Session { readonly id: string; start: number; end: number; readonly views: View[] }
interface Event { session_id: string; page_title: string; ga_event_dtm: string; event_name: string }

const GAP = 60_000;
const OUT_OF_ORDER = 10_000;

export const bareLoop = (input: string, output: string): number => {
  const out = openSync(output, 'w');
  const sessions = new Map<string, Session>();
  /** Sessions by the second in which they may end. */
  const ends = new Map<number, Session[]>();
  let newest = -Infinity;
  let swept = NaN;
  let events = 0;
  let lines: string[] = [];

  const expect = (session: Session): void => {
    const second = Math.floor(session.end / 1000);
    const bucket = ends.get(second);
    if (bucket) bucket.push(session);
    else ends.set(second, [session]);
  };

  const close = ({ id, start, end, views }: Session): void => {
    sessions.delete(id);
    views.sort((a, b) => a.at - b.at);
    const last = views[views.length - 1]!;
    const name = JSON.stringify(id);
    const bounds = `"window_start":"${iso(start)}","window_end":"${iso(end)}","element_timestamp":"${iso(last.at)}"}`;
    for (let n = 0; n < views.length; n += 1) {
      const { at, page } = views[n]!;
      const left = n + 1 < views.length ? views[n + 1]!.at : end;
      lines.push(`{"session_id":${name},"page":${JSON.stringify(page)},"time_spent_seconds":${(left - at) / 1000},"timestamp":"${iso(left)}",${bounds}`);
    }
    if (lines.length > 4096) {
      writeSync(out, lines.join('\n') + '\n');
      lines = [];
    }
  };

  const sweep = (watermark: number): void => {
    const until = Math.floor(watermark / 1000);
    for (let second = Number.isNaN(swept) ? until : swept; second < until; second += 1) {
      const bucket = ends.get(second);
      if (!bucket) continue;
      ends.delete(second);
      for (const session of bucket) {
        if (Math.floor(session.end / 1000) > second) expect(session);
        else close(session);
      }
    }
    swept = until;
  };

  eachLine(input, (line) => {
    events += 1;
    const { data: event }: { readonly data: Event } = JSON.parse(line);
    if (typeof event.session_id !== 'string' || event.session_id.trim() === '') return;
    if (typeof event.page_title !== 'string' || event.page_title.trim() === '') return;
    if (event.event_name !== 'page_view') return;
    const at = Date.parse(event.ga_event_dtm);
    if (Number.isNaN(at)) return;
    const session = sessions.get(event.session_id);
    if (session) {
      if (at < session.start) session.start = at;
      if (at + GAP > session.end) session.end = at + GAP;
      session.views.push({ at, page: event.page_title });
    } else {
      const opened = { id: event.session_id, start: at, end: at + GAP, views: [{ at, page: event.page_title }] };
      sessions.set(opened.id, opened);
      expect(opened);
    }
    if (at > newest) {
      newest = at;
      sweep(newest - OUT_OF_ORDER);
    }
  });
  for (const session of [...sessions.values()]) close(session);
  writeSync(out, lines.join('\n') + '\n');
  closeSync(out);
  return events;
};

/** Few instants are written once only. */
const written = new Map<number, string>();

const iso = (at: number): string => {
  const known = written.get(at);
  if (known !== undefined) return known;
  if (written.size > 1_000) written.clear();
  const text = new Date(at).toISOString().replace('.000Z', 'Z');
  written.set(at, text);
  return text;
};
