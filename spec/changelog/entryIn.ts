import type { StateEntry } from '../../src/changelog/committedState.js';
import type { Head } from '../../src/changelog/head.js';
import { RestoredState } from '../../src/changelog/restoredState.js';
import { Visits } from '../../src/model/visits.js';
import { pagesViewedCodec } from '../../src/products/pagesViewedCodec.js';
import type { SeenId } from '../../src/runtime/messageIds.js';

const HEAD: Head = {
  taskTime: 0, idsFrom: -Infinity, parked: false, settings: {}, piece: null,
  tally: { received: 0, duplicates: 0, contradictions: 0, deadLetters: {} },
  watermarks: { sent: null, reached: null, elementAt: null, ticks: 0 },
  sessions: { watermark: null, ordinal: 0, counts: { duplicates: 0, held: 0, closed: 0 } },
  early: { ordinal: 0 },
};

const inLine = (ids: readonly SeenId[]): readonly StateEntry<Visits>[] => (ids.length === 0 ? [] : [{ _tag: 'Ids', ids }]);

/** The entries that lines make, each read to the last member. */
export const entriesIn = (...lines: readonly string[]): readonly StateEntry<Visits>[] => {
  const restored = new RestoredState();
  const text = Buffer.from(lines.map((line) => `${line}\n`).join(''));
  restored.within(text);
  let from = 0;
  for (let to = text.indexOf('\n'); to >= 0; to = text.indexOf('\n', from)) {
    restored.apply(text, from, to);
    from = to + 1;
  }
  const { flow, ids } = restored.committed(1, HEAD, pagesViewedCodec);
  return [
    ...Array.from(flow.sessions?.entries ?? [], ([key, { sessions, closed }]): StateEntry<Visits> => ({
      _tag: 'Sessions', key, value: { sessions: sessions.map((session) => ({ ...session, accumulator: Visits.of(session.accumulator.inOrder()) })), closed },
    })),
    ...Array.from(flow.early?.entries ?? [], ([key, value]): StateEntry<Visits> => ({ _tag: 'Early', key, value })),
    ...Array.from(flow.emitted?.entries ?? [], ([key, value]): StateEntry<Visits> => ({ _tag: 'Emitted', key, value: [...value] })),
    ...inLine([...ids]),
  ];
};
