/*
 * The only rules whose diagrams run the application: whoever imports them imports `src`, and needs Node.
 */
import {
  acknowledged, allowedLateness, catchUp, coldReplay, conservation, disconnected, drain, earlyLastPage, earlyResult, endOfInput, equalTimestamps, excluded,
  finerThanMillis, future, historicData, invalidEvents, lastPageOmitted, lastSessionOfTheDay, lateEvents, lateView, messageIds, multipleSessions, newOrChanged,
  onTimeResult, park, poison, redelivered, republished, sample, sessionCap, sessionFull, singleSession, uncleanStart,
} from '../pipeline.marbles.js';
import type { Section } from './rule.js';

export const pipeline: Section = {
  title: 'The whole pipeline',
  rules: [
    {
      matter: 'time on page',
      rule:
        'The time on a page is the time of the next view of the session less its own: in event time, whatever the order of arrival, and exact to the millisecond. ' +
        'What `ga_event_dtm` says beyond milliseconds is cut off. The `timestamp` of a result is the moment the page was left.',
      why: 'Whoever adds up the pages of a session gets the length of the session.',
      shownBy: [sample, finerThanMillis],
      elsewhere: {
        beam: 'Left to the user. Timestamps are in milliseconds in Java, in microseconds in Python.',
        flink: 'Left to the user. Timestamps are in milliseconds.',
        kafkaStreams: 'Left to the user. Timestamps are in milliseconds.',
        bytewax: 'Left to the user. Timestamps are in microseconds, as those of Python.',
      },
    },
    {
      matter: 'last page',
      rule:
        'The last page of a session has no next view. Its time runs to the end of the window, which is the gap, and the result says `session_gap`. With `--last_page omit` it has no result. ' +
        'An early result leaves out the page that is still open, unless `--early_last_page` is given. In a session that a size cap closed the time is measured, `next_view`, for the next view closed it.',
      why: 'The gap is a rule and no measurement: whoever computes averages has to be able to tell the two apart. Since an early pane leaves the open page out, most results are told exactly once.',
      shownBy: [onTimeResult, lastPageOmitted, earlyLastPage, sessionCap],
      elsewhere: {
        beam: 'Left to the user. The predecessor, in Beam, gave it the gap and did not say so.',
        flink: 'Left to the user.',
        kafkaStreams: 'Left to the user. As a window ends with its last record, there is no gap to be seen in it.',
        bytewax: 'Left to the user. As a window ends with its last value, there is no gap to be seen in it.',
      },
    },
    {
      matter: 'new or changed results',
      rule:
        'A result, known by session, page and time of entry, goes out when it is new, and again when its time has changed, with the next revision: 0, 1, 2, … ' +
        'That its window has grown is no change. The highest revision stands; `final` is nothing to wait for.',
      why: 'Each page has one line, and a correction can be told from a repetition.',
      shownBy: [newOrChanged, allowedLateness],
      elsewhere: {
        beam: 'Each pane tells everything again, if it accumulates. What is new in it is for the consumer to find out.',
        flink: 'Each firing tells everything again; the manual asks the consumer to take that into account.',
        kafkaStreams: 'Each update of a session replaces the one before, changed or not.',
        bytewax: 'One result a window.',
      },
    },
    {
      matter: 'equal timestamps',
      rule:
        'Views at the same time stand in the order of `batch_page_id`, `batch_ordering_id` and `batch_event_index`, as numbers; those without such fields come after those with them; ' +
        'then the page decides. The order of arrival never does.',
      why: 'GA4 gives one timestamp to several events of a batch, and Pub/Sub delivers in any order. The same input must give the same result.',
      shownBy: [equalTimestamps],
      elsewhere: {
        beam: 'The elements of a pane have no order.',
        flink: 'The elements of a window stand in the order of their arrival.',
        kafkaStreams: 'Records are processed as they stand in their partition.',
        bytewax: 'By timestamp, and among equal ones as they arrived.',
      },
    },
    {
      matter: 'results in time',
      rule:
        'While a session goes on its first results come after `--early_trigger` (30 s). Its last page is told when the watermark has reached its end: by the traffic of others, ' +
        'by silence, which takes idle timeout, disorder and gap (130 s), or by the end of the input, at once.',
      why: 'Nobody has to wait for the end of a long session, nor for a view that never comes.',
      shownBy: [earlyResult, lastSessionOfTheDay, endOfInput],
      elsewhere: {
        beam: 'As trigger, source and runner have it.',
        flink: 'As the trigger has it; with all inputs idle the last sessions stay open.',
        kafkaStreams: 'With each record, or at the close; the last sessions stay open until another record comes.',
        bytewax: 'At the close only, and that comes by the clock.',
      },
    },
    {
      matter: 'dead letters',
      rule:
        'A view that becomes part of no session is a dead letter: its original bytes, with the reason. `not_json` and `invalid` cannot be read, `excluded` is not wanted, `future` and `late` are out of their time, ' +
        '`session_full` is too much of a session, and `too_large` is too long to be read or written. What was told before stays as it is.',
      why: 'What is refused can be counted, explained and sent again.',
      shownBy: [lateView, excluded, future, sessionFull],
      elsewhere: {
        beam: 'What is late is dropped and counted, without a side output. The rest is left to the user, by tagged outputs.',
        flink: 'What is late goes to a side output. The rest is left to the user, by side outputs as well.',
        kafkaStreams: 'What is late is dropped and counted. What a handler catches can go to a dead letter topic, in newer versions.',
        bytewax: 'What is late is a stream of its own. The rest is left to the user.',
      },
    },
    {
      matter: 'poison',
      rule:
        'A message whose processing throws is tried once more, in a pipeline rebuilt from the last commit. If it throws again it is a dead letter `processing_failed`, and the others go their way.',
      why: 'One message must not end the stream. The second try is for those that were only there when something else broke.',
      shownBy: [poison],
      elsewhere: {
        beam: 'The bundle is tried again; Dataflow does so without end when streaming. A dead letter is left to the user.',
        flink: 'The job starts again from its checkpoint and meets the message again, as often as its restart strategy allows.',
        kafkaStreams: 'A handler for processing exceptions decides: to go on without the record, or to fail.',
        bytewax: 'The dataflow ends with the error.',
      },
    },
    {
      matter: 'acknowledgement',
      rule:
        'A message is acknowledged when the results, the dead letters and the change of state it led to are committed (`--commit_interval`, 1 s), whatever became of it. None is held until its window closes.',
      why: 'What was acknowledged is kept, and what was not comes again. If messages waited for their windows, leases would grow old and a subscription with many sessions would stop.',
      shownBy: [acknowledged],
      elsewhere: {
        beam: 'Dataflow acknowledges what its first stage has processed and kept.',
        flink: 'The source for Pub/Sub acknowledges with a checkpoint.',
        kafkaStreams: 'Offsets are committed at intervals; exactly-once, in one transaction with results and state.',
        bytewax: 'No acknowledgements: the position in the input is part of the recovery snapshot.',
      },
    },
    {
      matter: 'message-id duplicates',
      rule:
        'This is looked at first: a message id seen in the last 10 min (at most a million are remembered, and they outlive a crash) is counted as `duplicate` and dropped, whatever the message holds. ' +
        'A row that was published again under a new id is known by its content: a `duplicate` while its session is held, `late` while that is remembered, then historic, and its results say so.',
      why: 'Pub/Sub delivers at least once, and a continuous query that starts anew publishes rows again.',
      shownBy: [messageIds, republished, redelivered],
      elsewhere: {
        beam: 'Dataflow knows message ids, or an attribute instead, for a while. The same row in two messages is two rows.',
        flink: 'Left to the user: the source for Pub/Sub delivers at least once.',
        kafkaStreams: 'Left to the user: exactly-once is about what is in Kafka already.',
        bytewax: 'Left to the user.',
      },
    },
    {
      matter: 'conservation',
      rule:
        'Received = in closed sessions + in held sessions + `duplicate` + dead letters, reason by reason. The counters are part of the state and checked at each commit.',
      why: 'Nothing is lost in silence.',
      shownBy: [conservation],
      elsewhere: {
        beam: 'Dropped elements are counted. No account is kept.',
        flink: 'Dropped records are counted. No account is kept.',
        kafkaStreams: 'Dropped records are counted. No account is kept.',
        bytewax: 'Not documented.',
      },
    },
    {
      matter: 'start',
      rule:
        'After a run that did not stop by itself the watermark, and all closing by the clock, stand still for `--hold_for` (default: until the subscription has delivered again what the dead instance had been given). ' +
        'While a backlog is worked off (published more than a minute ago) the watermark stays below the oldest publish time of the last 10 s, less `--max_out_of_orderness`.',
      why: 'What the dead instance had been given comes again later than what is new, and would be late. A backlog comes in any order, and its newest part would make the oldest late.',
      shownBy: [uncleanStart, catchUp],
      elsewhere: {
        beam: 'On Dataflow the watermark of Pub/Sub stays behind the oldest message that is not acknowledged. Elsewhere: up to the runner.',
        flink: 'The source goes on from its checkpoint, and watermarks are made anew from what comes. For redeliveries of Pub/Sub: not documented.',
        kafkaStreams: 'Input is read again from the committed offset, in its order. The time by which windows judge is made anew from the first records.',
        bytewax: 'Clocks and windows are part of the recovery snapshot, and input is read again from its position. For redeliveries: not documented.',
      },
    },
    {
      matter: 'stop and interruption',
      rule:
        'A stop commits and acknowledges what was delivered. With the state in Kafka it closes nothing: the next instance goes on with the sessions, and their time has stood still. ' +
        'With `--drain`, or the state in memory, everything closes as it stands and the results say `drain`. While the subscription is disconnected time stands still as well.',
      why: 'A new version is no reason to cut sessions short, and silence through a fault is no idleness.',
      shownBy: [park, drain, disconnected],
      elsewhere: {
        beam: 'On Dataflow an update keeps the windows; a drain closes them as if they were complete.',
        flink: 'A stop with a savepoint keeps the windows; with `--drain` it closes them as if they were complete. A source that is disconnected counts as silent.',
        kafkaStreams: 'Windows stay in their stores. Without records time stands still anyway.',
        bytewax: 'Windows are in the recovery snapshot. The clock goes on, whatever the reason of the silence.',
      },
    },
    {
      matter: 'case 1: single session, 2 events',
      rule: 'Events 30 s apart: `time_spent_seconds` is 30. The last page has the gap, 60, by a rule that can be turned off.',
      why: 'The first of the five cases that the predecessor listed.',
      shownBy: [singleSession],
      elsewhere: { beam: 'One session; times are left to the user.', flink: 'One session; times are left to the user.', kafkaStreams: 'One session; times are left to the user.', bytewax: 'One session; times are left to the user.' },
    },
    {
      matter: 'case 2: multiple sessions',
      rule: 'Different `session_id`s are calculated separately.',
      why: 'A session is the views of one key.',
      shownBy: [multipleSessions],
      elsewhere: { beam: 'The same: windows merge by key.', flink: 'The same, after `keyBy`.', kafkaStreams: 'The same, after `groupByKey`.', bytewax: 'The same: streams are keyed.' },
    },
    {
      matter: 'case 3: late events',
      rule:
        'An event that arrives after the end of its session is a dead letter `late`, with the watermark and the distance. One of a session that nobody has seen is no less old, but complete: it has its results, flagged historic.',
      why: 'What was told as final stays final, and what was never told is told.',
      shownBy: [lateEvents],
      elsewhere: {
        beam: 'Both are dropped and counted; the first may open a second session over the one that was told.',
        flink: 'Both go to the side output, if there is one; the first may open a second session over the one that was told.',
        kafkaStreams: 'The first may still change its session; else both are dropped and counted.',
        bytewax: 'The first is late. The second is not, if its key is new.',
      },
    },
    {
      matter: 'case 4: invalid events',
      rule: 'An event without `session_id` is filtered out: a dead letter `invalid` that says what is missing.',
      why: 'Events without a session must not become a session of strangers.',
      shownBy: [invalidEvents],
      elsewhere: {
        beam: 'Left to the user.',
        flink: 'Left to the user.',
        kafkaStreams: 'A record without a key is skipped, with a warning and a count. The rest is left to the user.',
        bytewax: 'Left to the user; a key has to be a string.',
      },
    },
    {
      matter: 'case 5: historic data',
      rule:
        'Old timestamps beside current ones use processing time: such a session closes `--historic_timeout` (2 min) after its last new event. Old timestamps alone are the time of the stream, and close as it goes by.',
      why: 'The watermark has long passed them, so it cannot say when they are complete; the clock can.',
      shownBy: [historicData, coldReplay],
      elsewhere: {
        beam: 'Beside current ones they are dropped; alone they are the time of the stream.',
        flink: 'Beside current ones they are late; alone they are the time of the stream.',
        kafkaStreams: 'Beside current ones they are dropped; alone they are the time of the stream.',
        bytewax: 'Each key has its own time, so the events of a new key are as current as any.',
      },
    },
  ],
};
