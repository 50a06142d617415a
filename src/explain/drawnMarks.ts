import { printTime } from '../../marbles/index.js';
import type { Millis } from '../../operators/index.js';
import { orderFields } from './decisiveFields.js';
import type { Names } from './names.js';
import type { Arrived, Fields, Mover, Story } from './story.js';

/** Words of a source row, and what the pages in them stand for beyond their names. */
export interface DrawnMarks {
  readonly marks: readonly { readonly at: Millis; readonly text: string }[];
  readonly fields: Readonly<Record<string, Fields>>;
  /** Task time at the beginning of the score. */
  readonly zero: Millis;
}

/** The page of those who only move the watermark. */
const OTHER = 'page';

/**
 * The events of a session, and some of those that moved the watermark for it, as page views of a
 * diagram: the session is its default key, each of the others has one of its own. Of an event there is what decides
 * what becomes of it: its page by a name, when it came and happened, its message id where that comes twice, and `fieldsOf` it.
 */
export const drawnMarks = ({ happenings }: Story, movers: readonly Mover[], names: Names, fieldsOf: (event: Fields) => Fields): DrawnMarks => {
  const arrivals = happenings.filter((it): it is Arrived => it._tag === 'Arrived');
  const all = [...arrivals, ...movers].sort((a, b) => a.line - b.line);
  const zero = all[0]?.at ?? 0;
  const ids = repeatedIds(arrivals);
  const pages = new Pages();
  const text = (it: Arrived | Mover, place: number): string => {
    const at = Number.isNaN(it.timestamp) || it.timestamp === it.at ? '' : `@${printTime(it.timestamp - zero)}`;
    if (!('event' in it)) return `other${place + 1}.${pages.nameOf(OTHER, it.fields)}${at}`;
    const id = ids.indexOf(it.id ?? '');
    const order = arrivals.some((other) => other !== it && other.timestamp === it.timestamp) ? orderFields(it.event) : {};
    return `${pages.nameOf(names.ofEvent(it.event), { ...fieldsOf(it.event), ...order, ...misfits(it) })}${id < 0 ? '' : `/${id + 1}`}${at}`;
  };
  return { marks: all.map((it, place) => ({ at: it.at - zero, text: text(it, place) })), fields: pages.fields, zero };
};

const repeatedIds = (arrivals: readonly Arrived[]): readonly string[] => {
  const ids = arrivals.flatMap(({ id }) => (id === undefined ? [] : [id]));
  return [...new Set(ids.filter((id, place) => ids.indexOf(id) < place))];
};

/** What a mark cannot say because it is not as it must be. A list stands for whatever is no text and no number: it is as wrong. */
const misfits = ({ event: { page_title: title, ga_event_dtm: time }, timestamp }: Arrived): Fields => ({
  ...((typeof title !== 'string' || title.trim() === '') && { page_title: plain(title) }),
  ...(Number.isNaN(timestamp) && { ga_event_dtm: plain(time) }),
});

const plain = (value: unknown): unknown => (typeof value === 'object' && value !== null ? [] : (value ?? null));

/** The same page with other fields is another name in a diagram, with the page's name among its fields. */
class Pages {
  readonly fields: Record<string, Fields> = {};
  private readonly names = new Map<string, string>();

  nameOf(page: string, fields: Fields): string {
    if (Object.keys(fields).length === 0) return page;
    const said = { page_title: page, ...fields };
    const key = JSON.stringify(said);
    const name = this.names.get(key) ?? `${page}_${this.names.size + 1}`;
    this.names.set(key, name);
    this.fields[name] = said;
    return name;
  }
}
