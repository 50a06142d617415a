import { endsAtInfinity } from '../assignWatermarks.marbles.js';
import { changed, forgotten, newAndUnchanged } from '../dedupeEmitted.marbles.js';
import { clearedByFiring, eachSessionItsOwn, firstNews, notPutOff } from '../earlyTrigger.marbles.js';
import {
  clockBeforeEvent, clockInOrder, earlyBeforeElement, earlyBeforeOnTime, elementBeforeItsWatermark, oldestFirst, panesBeforeTheirWatermark,
} from '../order.marbles.js';
import {
  accumulating, capOfDuration, capOfEvents, completionDrains, discarding, drainClosesAll, fullByMerge, fullOfDuration, fullOfEvents, infinityClosesAll,
  mergeUpToTwice, olderThanCut, onTimePane, onTimePaneIsNotTheLast,
} from '../sessionWindow.panes.marbles.js';
import type { Section } from './rule.js';

export const panes: Section = {
  title: 'When results come',
  rules: [
    {
      matter: 'on-time pane',
      rule:
        'When the watermark reaches the end of a session its on-time pane comes, also when nothing is new since the last early pane. With no lateness allowed it is the last one, ' +
        'and the session is let go.',
      why: 'The final word is always said, also when it changes nothing.',
      shownBy: [onTimePane, onTimePaneIsNotTheLast],
      elsewhere: {
        beam: 'The same by default, `OnTimeBehavior.FIRE_ALWAYS`.',
        flink: 'The window fires if it holds elements, new or not. After a purge it holds none, and nothing comes.',
        kafkaStreams: 'Only if asked for, by `EmitStrategy.onWindowClose` or `suppress`; else no update says that it is the last.',
        bytewax: 'The only result of a window comes when it closes.',
      },
    },
    {
      matter: 'early panes',
      rule:
        'An early pane comes `--early_trigger` (30 s) of processing time after the first new element since the last pane of its window, and again only when there is a new one. ' +
        'Later elements and growth do not put it off. When the window fires the deadline is cleared: no early pane comes after the on-time one.',
      why: 'A busy session must not starve, and a quiet one must not repeat itself.',
      shownBy: [firstNews, notPutOff, clearedByFiring, eachSessionItsOwn],
      elsewhere: {
        beam: 'The same, by `AfterProcessingTime.pastFirstElementInPane()` with a delay as the early firing of `AfterWatermark`.',
        flink: '`ContinuousProcessingTimeTrigger` fires at multiples of its interval, with news or without, and not at the end of the window. For both a trigger has to be written.',
        kafkaStreams: 'Each update goes out, thinned by the record cache and `commit.interval.ms` (30 s by default).',
        bytewax: 'None; a `WindowLogic` of one\'s own may emit at each value.',
      },
    },
    {
      matter: 'accumulation',
      rule:
        'ACCUMULATING, a pane holds everything so far; DISCARDING, what is new since the last one. Time on page needs the former: `--accumulation discarding` is a configuration error that says why.',
      why: 'The time on a page runs from its view to the next one, so a pane has to hold both.',
      shownBy: [accumulating, discarding],
      elsewhere: {
        beam: 'Either: `accumulatingFiredPanes` or `discardingFiredPanes`.',
        flink: 'Either: a trigger fires, or fires and purges.',
        kafkaStreams: 'Accumulating: each update replaces the one before.',
        bytewax: 'One result a window, of all its values.',
      },
    },
    {
      matter: 'revision',
      rule: 'A result goes out when it is new or has changed, with its revision: 0, 1, 2, … A pane that repeats it unchanged brings nothing. When its session is over for good it is forgotten.',
      why: 'A consumer can tell a correction from a repetition, and is not told the same twice.',
      shownBy: [changed, newAndUnchanged, forgotten],
      elsewhere: {
        beam: 'A pane has an index. What is different in it is for the consumer to find out.',
        flink: 'A late firing is a new version of an old result, without a number; the manual leaves it to the consumer.',
        kafkaStreams: 'An update replaces the one before, under the same key and window, without a number.',
        bytewax: 'One result a window: nothing to number.',
      },
    },
    {
      matter: 'size caps',
      rule:
        'A session of 10 000 events or 24 hours closes when a newer event comes that would exceed that: its `end` is the time of that event, `forced: cap`, and the event opens the next session. ' +
        'Older events and merges may take a session to twice a cap; what is beyond that is a dead letter `session_full`.',
      why: 'Bots and stuck keys must not fill the memory. The two sessions touch, so nothing overlaps and nothing is late.',
      shownBy: [capOfEvents, capOfDuration, fullOfEvents, fullOfDuration, mergeUpToTwice, fullByMerge, olderThanCut],
      elsewhere: {
        beam: 'None for sessions.',
        flink: 'None; triggers and evictors of one\'s own may bound a window.',
        kafkaStreams: 'None for sessions; the buffer of `suppress` may be bounded, and then emits early or stops the application.',
        bytewax: 'None for windows.',
      },
    },
    {
      matter: 'end and drain',
      rule:
        'At the end of a file the watermark is Infinity and closes all sessions at once, historic ones too. A drain (a stop with `--drain`, and any stop with `--state memory`) closes them as they stand, ' +
        '`forced: drain`. It leaves no closed marks and does not move the watermark, so a session that goes on after it starts anew. A source that completes without watermark Infinity drains what is held.',
      why: 'Nothing that is held is lost. A drain says nothing about event time, so nothing becomes late by it.',
      shownBy: [drainClosesAll, infinityClosesAll, completionDrains, endsAtInfinity],
      elsewhere: {
        beam: 'At the end, and in a drain, the watermark goes to infinity and windows fire as if they were complete.',
        flink: '`stop --drain` sends the greatest watermark, and its manual warns not to go on from there. Another stop closes nothing.',
        kafkaStreams: 'A stream has no end, and a stop closes nothing.',
        bytewax: 'At the end of the input all windows close.',
      },
    },
    {
      matter: 'order at one instant',
      rule:
        'The clock goes first. All that is due by now runs in the order of its times, and at one instant early panes before historic closes before the idle tick, of each kind the oldest first. ' +
        'Then comes the event. An element goes out before the watermark it causes, the panes of a window before the watermark that fired them.',
      why: 'The same input gives the same output. Whoever sees a watermark has seen all that it completes.',
      shownBy: [clockInOrder, clockBeforeEvent, earlyBeforeElement, earlyBeforeOnTime, oldestFirst, elementBeforeItsWatermark, panesBeforeTheirWatermark],
      elsewhere: {
        beam: 'The runner decides.',
        flink: 'What a watermark fires goes out before the watermark. Processing time has no fixed place among the elements.',
        kafkaStreams: 'Not documented.',
        bytewax: 'Not documented.',
      },
    },
  ],
};
