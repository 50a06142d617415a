import { KEY } from '../mark.js';
import { PRODUCTION, type Event, type Settings, type Situation } from './situation.js';

/** A situation worth a look. */
export interface Preset {
  readonly name: string;
  /** What to see in it, and what to try. */
  readonly hint: string;
  readonly situation: Situation;
}

const SECOND = 1_000;

/** An event that happened at the second of its arrival, or earlier. */
const event = (name: string, arrives: number, at = arrives, key = KEY): Event => ({ name, key, arrives: arrives * SECOND, at: at * SECOND });

const preset = (name: string, hint: string, until: number, events: readonly Event[], settings: Partial<Settings> = {}): Preset =>
  ({ name, hint, situation: { events, settings: { ...PRODUCTION, ...settings }, until: until * SECOND } });

export const LATE_EVENT = preset(
  'late event',
  'd happened at 40s, but comes when the watermark has closed its session: it is refused. Allow some lateness, and it brings a LATE pane; or drag it left.',
  240,
  [event('a', 10), event('b', 30), event('c', 130), event('d', 150, 40)],
);

export const PRESETS: readonly Preset[] = [
  LATE_EVENT,
  preset('merge', 'c fills the gap between two sessions, and they become one. Drag it up or down until they part.', 300, [event('a', 10), event('b', 100), event('c', 115, 55)], { maxOutOfOrderness: 60 * SECOND, early: 0 }),
  preset('exactly one gap', 'Two events exactly one gap apart are two sessions. Move b down by a second: one session.', 240, [event('a', 10), event('b', 70)], { maxOutOfOrderness: 20 * SECOND }),
  preset('out of order', 'b and d come late, but within the out-of-orderness: the watermark has waited for them. Shorten it, and see them fall under the line.', 240, [event('a', 10), event('c', 40), event('b', 48, 34), event('e', 75), event('d', 83, 62)], { maxOutOfOrderness: 20 * SECOND, early: 0 }),
  preset('idle', 'After b nothing comes. When the idle timeout is over the watermark goes on by itself and closes the session.', 240, [event('a', 10), event('b', 40)]),
  preset('historic', 'b happened five minutes ago, and no session is near it. It is not refused: its session closes when two gaps of processing time have passed.', 240, [event('a', 10), event('b', 30, -270), event('c', 50), event('d', 90)]),
  preset('early panes', 'A session that goes on is shown every 30 s, as long as there is news. DISCARDING shows only the news.', 300, [event('a', 10), event('b', 35), event('c', 60), event('d', 90), event('e', 130)]),
  preset('two visitors', 'Sessions are by key: what ada does keeps only ada’s session open. The watermark is common to both.', 240, [event('a', 10, 10, 'ada'), event('b', 20, 20, 'bob'), event('c', 55, 55, 'ada'), event('d', 100, 100, 'ada')]),
];
