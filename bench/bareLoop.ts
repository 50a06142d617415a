import { closeSync, openSync, readSync, writeSync } from 'node:fs';

/**
 * The rival: the main job by hand in one function, without Rx, stages, checkpoints or configuration. It
 * comes to the same results (a spec compares), so it remembers closed sessions as the pipeline does; of
 * what it refuses it keeps nothing. And the ceiling: reading the same bytes.
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

interface View { readonly at: number; readonly page: string; readonly batchPage: number; readonly batchOrdering: number; readonly batchIndex: number }
/** Chained to the next one of its id. */
interface Session { readonly id: string; start: number; end: number; readonly views: View[]; next: Session | undefined; isOpen: boolean }
interface Closed { readonly id: string; readonly start: number; readonly end: number; readonly next: Closed | undefined }
interface Event {
  session_id: string; page_title: string; ga_event_dtm: string; event_name: string; event_timestamp_ms: unknown;
  batch_page_id: unknown; batch_ordering_id: unknown; batch_event_index: unknown;
}

const GAP = 60_000;
const OUT_OF_ORDER = 10_000;
/** A closed session is remembered so long, in event time: what would have belonged to it is late. */
const MEMORY = 600_000;

export const bareLoop = (input: string, output: string): number => {
  const out = openSync(output, 'w');
  /** Open sessions, the first one of each id. */
  const sessions = new Map<string, Session>();
  /** Closed ones, the newest of each id, and all of them by their close. */
  const closed = new Map<string, Closed>();
  let remembered: Closed[] = [];
  let forgotten = 0;
  let newestEnd = -Infinity;
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

  const write = ({ id, start, end, views }: Session): void => {
    views.sort(inOrder);
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

  const remove = (session: Session): void => {
    const { id, next } = session;
    session.isOpen = false;
    let before = sessions.get(id)!;
    if (before === session) {
      if (next) sessions.set(id, next);
      else sessions.delete(id);
    } else {
      while (before.next !== session) before = before.next!;
      before.next = next;
    }
  };

  const close = (session: Session): void => {
    const { id, start, end } = session;
    write(session);
    remove(session);
    const mark = { id, start, end, next: closed.get(id) };
    closed.set(id, mark);
    remembered.push(mark);
    if (end > newestEnd) newestEnd = end;
  };

  const sweep = (watermark: number): void => {
    const until = Math.floor(watermark / 1000);
    for (let second = Number.isNaN(swept) ? until : swept; second <= until; second += 1) {
      const bucket = ends.get(second);
      if (!bucket) continue;
      ends.delete(second);
      for (const session of bucket) {
        if (!session.isOpen) continue;
        if (session.end > watermark) expect(session);
        else close(session);
      }
    }
    swept = until;
    for (let oldest = remembered[forgotten]; oldest && oldest.end + MEMORY <= watermark; oldest = remembered[forgotten]) {
      if (closed.get(oldest.id) === oldest) closed.delete(oldest.id);
      forgotten += 1;
    }
    if (forgotten > 100_000) {
      remembered = remembered.slice(forgotten);
      forgotten = 0;
    }
  };

  const isLate = (id: string, at: number): boolean => {
    if (at >= newestEnd) return false;
    for (let one = closed.get(id); one; one = one.next) if (at < one.end && one.start < at + GAP) return true;
    return false;
  };

  const add = (id: string, view: View): void => {
    const { at } = view;
    let joined: Session | undefined;
    for (let one = sessions.get(id); one; one = one.next) {
      if (at >= one.end || one.start >= at + GAP) continue;
      if (joined) {
        // The view is the missing link between two sessions.
        joined.start = Math.min(joined.start, one.start);
        joined.end = Math.max(joined.end, one.end);
        joined.views.push(...one.views);
        remove(one);
      } else {
        if (isIn(one.views, view)) return;
        joined = one;
      }
    }
    if (joined) {
      if (at < joined.start) joined.start = at;
      if (at + GAP > joined.end) joined.end = at + GAP;
      joined.views.push(view);
    } else {
      const opened = { id, start: at, end: at + GAP, views: [view], next: sessions.get(id), isOpen: true };
      sessions.set(id, opened);
      expect(opened);
    }
  };

  eachLine(input, (line) => {
    events += 1;
    const { data: event }: { readonly data: Event } = JSON.parse(line);
    const { session_id: id, page_title: page, batch_page_id: batchPage, batch_ordering_id: batchOrdering, batch_event_index: batchIndex } = event;
    if (typeof id !== 'string' || id.trim() === '') return;
    if (typeof page !== 'string' || page.trim() === '') return;
    if (event.event_name !== 'page_view') return;
    if (!isCount(event.event_timestamp_ms) || !isCount(batchPage) || !isCount(batchOrdering) || !isCount(batchIndex)) return;
    const at = Date.parse(event.ga_event_dtm);
    if (Number.isNaN(at) || isLate(id, at)) return;
    add(id, { at, page, batchPage: Number(batchPage), batchOrdering: Number(batchOrdering), batchIndex: Number(batchIndex) });
    if (at > newest) {
      newest = at;
      sweep(newest - OUT_OF_ORDER);
    }
  });
  for (const first of sessions.values()) for (let one: Session | undefined = first; one; one = one.next) write(one);
  writeSync(out, lines.join('\n') + '\n');
  closeSync(out);
  return events;
};

const isIn = (views: readonly View[], { at, page }: View): boolean => {
  for (const other of views) if (other.at === at && other.page === page) return true;
  return false;
};

const isCount = (value: unknown): value is number | string => typeof value === 'number' || (typeof value === 'string' && /^-?\d{1,20}$/.test(value));

const inOrder = (a: View, b: View): number =>
  a.at - b.at || a.batchPage - b.batchPage || a.batchOrdering - b.batchOrdering || a.batchIndex - b.batchIndex || (a.page < b.page ? -1 : Number(a.page > b.page));

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
