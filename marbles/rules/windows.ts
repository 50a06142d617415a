import * as fixed from '../fixedWindow.marbles.js';
import * as merged from '../mergeWatermarked.marbles.js';
import * as sliding from '../slidingWindow.marbles.js';
import * as triggers from '../triggers.marbles.js';
import type { Section } from './rule.js';

/** What the library has beyond what the pipeline needs. */
export const windows: Section = {
  title: 'Other windows and triggers',
  rules: [
    {
      matter: 'fixed windows',
      rule:
        'A fixed window is `[start, start + size)`; the windows lie side by side on a grid that an offset can move and that goes on below zero. ' +
        'One into which nothing falls shows no pane. At the end of event time all close, by their end; a source that completes before that drains them.',
      why: 'Half-open windows share no instant, so every event is in exactly one.',
      shownBy: [fixed.fires, fixed.halfOpen, fixed.offset, fixed.beforeTheEpoch, fixed.noValueNoPane, fixed.end, fixed.drain],
      elsewhere: {
        beam: 'The same, `FixedWindows` with an offset.',
        flink: 'The same, `TumblingEventTimeWindows` with an offset.',
        kafkaStreams: 'The same grid, `TimeWindows`, without an offset.',
        bytewax: 'The same, `TumblingWindower` with `align_to`.',
      },
    },
    {
      matter: 'lateness of fixed windows',
      rule:
        'With no lateness allowed the on-time pane is the last, and what comes for the window afterwards is late. Within the allowed lateness an event shows a late pane at once; ' +
        'then the window is let go without a further pane.',
      why: 'The same rule as for sessions. A window cannot be opened again, so nothing has to be remembered of one that was let go.',
      shownBy: [fixed.late, fixed.allowedLateness, fixed.firstOfAllLate],
      elsewhere: {
        beam: 'The same for what is dropped, without telling of it; whether a late pane comes at once the trigger says.',
        flink: 'The same, with a side output for what is late.',
        kafkaStreams: 'Updates until the end plus the grace period; what comes later is dropped and counted.',
        bytewax: 'No lateness beyond the wait; what is late comes out as a stream of its own.',
      },
    },
    {
      matter: 'discarding',
      rule: 'When discarding, a pane holds what came since the last one of its window. The on-time pane comes also when that is nothing, and holds the accumulator of no values.',
      why: 'Whoever adds the panes up himself gets the whole, and still learns that the window is over.',
      shownBy: [fixed.nothingNew],
      elsewhere: {
        beam: 'The same, `discardingFiredPanes` with `FIRE_ALWAYS`.',
        flink: 'A `PurgingTrigger`; a window that was purged and has nothing new does not fire.',
        kafkaStreams: 'Windows always accumulate.',
        bytewax: 'One result a window, so there is nothing to discard.',
      },
    },
    {
      matter: 'sliding windows',
      rule:
        'Sliding windows of one size begin every period; an event is in every one that contains it, and each shows panes of its own. It is late, once, when all its windows have been let go; ' +
        'else it is added to those that have not.',
      why: 'A window that is still there must not miss an event because an older one is gone.',
      shownBy: [sliding.everyWindow, sliding.partlyLate, sliding.lateForOne, sliding.panesOfTheirOwn],
      elsewhere: {
        beam: 'The same, `SlidingWindows`; lateness is judged window by window.',
        flink: 'The same, `SlidingEventTimeWindows`; an event is late when it was added to no window.',
        kafkaStreams: 'Its `SlidingWindows` begin and end with events; a grid is `TimeWindows` with `advanceBy`.',
        bytewax: 'The same grid, `SlidingWindower`; late is judged by the watermark before the windows are.',
      },
    },
    {
      matter: 'triggers',
      rule:
        'An on-time pane always comes. `early` and `late` say when others do: so long after the first event that no pane has shown (`afterProcessingTime`) or when so many have come ' +
        '(`afterCount`); a bare trigger draws one pane in each phase, `repeatedly` begins anew after each. What a late trigger has not drawn comes in a last late pane.',
      why: 'Nothing is lost for want of a trigger, and nothing is drawn that has been shown.',
      shownBy: [
        triggers.processingTime, triggers.onTimeAndLate, triggers.countOnce, triggers.countRepeatedly, triggers.duplicatesDoNotCount, triggers.onTimeClears, triggers.lateCount,
        triggers.lateProcessingTime, triggers.ownTurnInEachPhase, triggers.mergeAddsUp, triggers.openedAgain,
      ],
      elsewhere: {
        beam: 'The model of these triggers. Its early and late firings repeat in any case.',
        flink: 'A trigger is a class to be written or chosen; count and processing time exist, a composition with the watermark does not.',
        kafkaStreams: 'Every update, or only the last one.',
        bytewax: 'Only the last result.',
      },
    },
    {
      matter: 'several inputs',
      rule:
        'The watermark of merged inputs is the least of theirs. An input from which nothing has come for the idle timeout, or ever, holds nobody back until it speaks again; ' +
        'when all are silent the furthest watermark counts. An input that has completed holds nobody back.',
      why: 'The slowest input decides, as long as it is there.',
      shownBy: [merged.least, merged.neverSpoke, merged.idle, merged.allIdle, merged.completed],
      elsewhere: {
        beam: 'The least of all; an idle source has to move its own watermark.',
        flink: 'The same with `withIdleness`; when all are idle the greatest counts.',
        kafkaStreams: 'Stream time is the greatest timestamp seen; `max.task.idle.ms` waits for the others before a choice.',
        bytewax: 'A watermark for each key, so inputs do not meet.',
      },
    },
  ],
};
