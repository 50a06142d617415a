import { forgotten } from '../dedupeEmitted.marbles.js';
import { historicToo, mergeKeepsEarliest, mergeKeepsTheOnlyOne } from '../earlyTrigger.marbles.js';
import {
  finality, gapIsTwoSessions, historicClosedWhenForgotten, historicClosesByTheClock, historicFromTheEnd, historicGrowsLive, historicIsLate, historicMergesLive,
  historicWaitsAnew, joins, keysAreApart, lateOfClosed, latePane, latePaneOfItsOwn, lateThoughItTouchesAnOpenOne, lateWhenItReachesInto, lessThanGapIsOneSession,
  liveAgain, liveBehindTheWatermark, mergeNumbersOnFromTheGreatest, mergedWindowIsJudged, merges, oldDataAlone, opens, rememberedByTheClock,
  rememberedByTheWatermark, rememberedWhileTheKeyHolds, sixteenSpans,
} from '../sessionWindow.classes.marbles.js';
import { duplicateAddsNothing } from '../sessionWindow.panes.marbles.js';
import type { Section } from './rule.js';

export const sessions: Section = {
  title: 'Which session an event belongs to',
  rules: [
    {
      matter: 'gap',
      rule:
        'A session ends when nothing has come for `--window_size` (60 s), the gap. Its window is `[start, end)`, where `end` is its last event plus the gap. ' +
        'So two events exactly one gap apart are two sessions. Sessions of different keys have nothing to do with each other.',
      why: 'Half-open windows can touch without sharing an instant.',
      shownBy: [gapIsTwoSessions, lessThanGapIsOneSession, keysAreApart],
      elsewhere: {
        beam: 'Two sessions. The end is the last event plus the gap.',
        flink: 'One session, since windows that touch merge. The end is the last event plus the gap.',
        kafkaStreams: 'One session, since the search for sessions within the gap includes its bounds. The end is the last event.',
        bytewax: 'One session, since a distance up to and including the gap joins. The end is the last event.',
      },
    },
    {
      matter: 'class of an event',
      rule:
        'The window of an event is `[t, t + gap)`. First: if it overlaps a closed session of its key that is still remembered, the event is a dead letter `late`, ' +
        'even if it touches an open session as well. Second: if it overlaps held sessions of its key, it joins them, and they become one. Third: else it opens a session.',
      why: 'What was told as final stays final. Apart from that an event is judged by the session it belongs to, not by its own age.',
      shownBy: [lateThoughItTouchesAnOpenOne, lateOfClosed, lateWhenItReachesInto, joins, merges, opens],
      elsewhere: {
        beam: 'Its own window is judged, before it is merged: if that is past the allowed lateness the event is dropped and counted, even if it would join an open session.',
        flink: 'It is merged, then the merged window is judged. What is late goes to a side output, or is dropped and counted.',
        kafkaStreams: 'It is merged, then the merged window is judged. What is late is dropped and counted.',
        bytewax: 'Its own timestamp is judged: before the watermark of its key it is late, even if its session is open. What is late is a stream of its own.',
      },
    },
    {
      matter: 'allowed lateness',
      rule:
        'It is the window a session has with the new event that counts. If it ends after the watermark the session is live and fires by the watermark, ' +
        'a second time and with early panes if a part of it had fired. If it ended less than `--allowed_lateness` (0 s) ago, a LATE pane shows it at once with all its elements, ' +
        'and the session is kept until then.',
      why: 'An event behind the watermark does no harm while its session is open. Corrections come for as long as they are wanted.',
      shownBy: [latePane, liveAgain, liveBehindTheWatermark, mergedWindowIsJudged, latePaneOfItsOwn],
      elsewhere: {
        beam: 'Late panes as the trigger says; by default whatever is late fires as it comes. A window is kept until its end plus the allowed lateness.',
        flink: 'The same: a late element fires its window at once, until its end plus the allowed lateness.',
        kafkaStreams: 'The grace period: as long as gap and grace have not passed since its last event, a session takes records, and each updates its result.',
        bytewax: 'None but the wait of its clock.',
      },
    },
    {
      matter: 'historic data',
      rule:
        'If the window ended before that, the session is historic. Processing time drives it: it closes, on time and flagged `historic`, when `--historic_timeout` (two gaps) has passed ' +
        'since its last new event. A historic session that grows past the watermark, or merges with a live one, is live. With `--historic late` what would open a historic session is late. ' +
        'Old events alone are not historic: they are the time of the stream.',
      why: 'Replays, and phones that were offline, are data and not garbage.',
      shownBy: [historicClosesByTheClock, historicWaitsAnew, historicGrowsLive, historicMergesLive, historicFromTheEnd, historicToo, historicIsLate, oldDataAlone],
      elsewhere: {
        beam: 'Dropped and counted.',
        flink: 'To a side output, or dropped and counted.',
        kafkaStreams: 'Dropped and counted.',
        bytewax: 'Late; but as each key has a watermark of its own, old events of a new key are live.',
      },
    },
    {
      matter: 'finality',
      rule: 'A session that was let go is final: while it is remembered no later session of its key overlaps it. What would is late.',
      why: 'Else an event between the end of a session and the watermark opens a second session over the first, and the same minutes are told twice.',
      shownBy: [finality],
      elsewhere: {
        beam: 'Not kept. With no lateness allowed the event of the picture opens a session `[3s, 8s)` over the one that was told, `[0s, 5s)`: issue 18677.',
        flink: 'Not kept: the state of a session is gone at its end plus the lateness, and the event of the picture, whose own window is not over, opens another.',
        kafkaStreams: 'While its store still holds the session, the event joins it and replaces what was told. After that: not documented.',
        bytewax: 'Kept: whatever is behind the watermark is late, so nothing can reach a closed session.',
      },
    },
    {
      matter: 'closed-session memory',
      rule:
        'A closed session is remembered until the watermark is `--closed_session_memory` (10 min) past its end, and as much processing time has passed since it closed, and its key holds no session. ' +
        'Sixteen sessions of a key are remembered one by one; beyond that the two oldest become one span. That a historic session is closed is told when it is forgotten. ' +
        'Older events after that are historic and may repeat a forgotten session; their results say so.',
      why: 'Memory is bounded. Both clocks have to agree, for in a replay event time flies, and in silence it may stand. It errs towards late, never towards overlap.',
      shownBy: [rememberedByTheClock, rememberedByTheWatermark, rememberedWhileTheKeyHolds, sixteenSpans, historicClosedWhenForgotten, forgotten],
      elsewhere: {
        beam: 'None: a window is forgotten at its end plus the allowed lateness.',
        flink: 'None: a window is forgotten at its end plus the allowed lateness.',
        kafkaStreams: 'The session store keeps sessions for its retention, which is gap plus grace period or more.',
        bytewax: 'None is needed: the watermark of the key is enough.',
      },
    },
    {
      matter: 'merge',
      rule:
        'An event that overlaps two sessions of its key makes them one. Their accumulators merge, the earliest pending early deadline is kept, ' +
        'and panes are numbered on from the greatest index.',
      why: 'Whichever of the two a consumer has followed, the numbers go on rising. And a merge puts no result off.',
      shownBy: [merges, mergeNumbersOnFromTheGreatest, mergeKeepsEarliest, mergeKeepsTheOnlyOne],
      elsewhere: {
        beam: 'Merges; `AfterProcessingTime` keeps the earliest deadline. A window with new bounds numbers its panes from 0 again, and what was told of the old ones is not taken back.',
        flink: 'Merges; `ContinuousProcessingTimeTrigger` keeps the earliest deadline. Results have no number, and what was told is not taken back.',
        kafkaStreams: 'Merges, and sends a tombstone for each session that was swallowed.',
        bytewax: 'Merges. Nothing was told before.',
      },
    },
    {
      matter: 'duplicate event',
      rule: 'An event that adds nothing to its session, for page views the same page at the same time, is counted as `duplicate`. It brings no pane, no deadline and no growth.',
      why: 'Rows are published again under a new message id.',
      shownBy: [duplicateAddsNothing],
      elsewhere: {
        beam: 'Left to the user; `Deduplicate` knows ids for a while.',
        flink: 'Left to the user.',
        kafkaStreams: 'Left to the user.',
        bytewax: 'Left to the user.',
      },
    },
  ],
};
