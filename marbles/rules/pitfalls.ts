import {
  earlyOfMerged, earlyOncePerNews, endOfWindow, equalTimes, fractions, lastSession, lateBridge, neverNegative, noEarlyAfterFinal, noOverlap, oneGapApart,
  oneGapApartLessAMillisecond, provisional, reconnected, setBack, setForward, year2099,
} from '../pitfalls.marbles.js';
import type { Section } from './rule.js';

export const pitfalls: Section = {
  title: 'Pitfalls',
  rules: [
    {
      matter: 'pitfall 1: exactly one gap apart',
      rule: 'Two views exactly `--window_size` apart are two sessions; a millisecond less, and they are one.',
      why: 'Here the engines differ, sometimes within one: what is compared strictly in one place is not in another, and results change with the version.',
      shownBy: [oneGapApart, oneGapApartLessAMillisecond],
      elsewhere: { beam: 'Two sessions.', flink: 'One session.', kafkaStreams: 'One session.', bytewax: 'One session.' },
    },
    {
      matter: 'pitfall 2: overlapping sessions',
      rule: 'With no lateness allowed, too, the sessions of a key never overlap: a view that lies in a closed session is late, even if its own window, `[t, t + gap)`, is not over yet.',
      why: 'An engine that forgets a session when it has told it takes such a view for a new one, and tells the same minutes twice.',
      shownBy: [noOverlap],
      elsewhere: {
        beam: 'They may overlap: issue 18677, open.',
        flink: 'They may overlap: a session is forgotten when it has fired, and the window of the view is judged without it.',
        kafkaStreams: 'They do not while the store holds the session: the record joins it and replaces what was told.',
        bytewax: 'They do not: what is before the watermark of its key is late.',
      },
    },
    {
      matter: 'pitfall 3: a late view that bridges two sessions',
      rule:
        'Within `--allowed_lateness` a view that overlaps two sessions already told makes them one. Results are known by session, page and time of entry, never by their window: those that change go out ' +
        'under the same identity, with the next revision; those that do not stay as they are.',
      why: 'If a result is known by its window, a merge leaves two lines behind that nobody takes back.',
      shownBy: [lateBridge],
      elsewhere: {
        beam: 'A pane of the merged window; those of the two stay as they are.',
        flink: 'A firing of the merged window; those of the two stay as they are.',
        kafkaStreams: 'A tombstone for each of the two, then the merged one.',
        bytewax: 'No lateness is allowed: the view is late.',
      },
    },
    {
      matter: 'pitfall 4: an event dated 2099',
      rule: 'It is a dead letter `future` with its reason. It joins no session, moves no watermark, and changes nothing for the others.',
      why: 'Where the watermark follows the greatest timestamp, one wrong clock closes every session, and whatever comes after is late.',
      shownBy: [year2099],
      elsewhere: {
        beam: 'Not told apart; what it does to the watermark is up to the source.',
        flink: 'Not told apart: the watermark of its partition follows it.',
        kafkaStreams: 'Not told apart: the stream time of its task follows it, unless a `TimestampExtractor` of one\'s own refuses it.',
        bytewax: 'Assumed not to happen: it closes the sessions of its key.',
      },
    },
    {
      matter: 'pitfall 5: the last session of the day',
      rule: 'It closes without any further event: idle timeout, disorder and gap after its last one. That the source was disconnected does not count as silence: that begins when it is open again.',
      why: 'Where time moves with records only, the evening\'s last visitors are told the next morning. Where any silence counts, a lost connection closes everybody, and makes late what comes after it.',
      shownBy: [lastSession, reconnected],
      elsewhere: {
        beam: 'Source and runner decide.',
        flink: 'It stays open: an idle input holds back nobody, but when all are idle nothing moves.',
        kafkaStreams: 'It stays open until another record comes.',
        bytewax: 'It closes by the clock, also when the source is disconnected.',
      },
    },
    {
      matter: 'pitfall 6: early panes',
      rule:
        'One for what is new, 30 s of processing time after the first of it. Later views do not put it off; sessions that merge have one, at the earlier time; none comes without news, and none after the session has fired.',
      why: 'A deadline that each event moves never comes in a busy session. One that repeats itself floods the consumer. One that outlives its session contradicts the final word.',
      shownBy: [earlyOncePerNews, earlyOfMerged, noEarlyAfterFinal],
      elsewhere: {
        beam: '`AfterProcessingTime.pastFirstElementInPane()` is the same, merging included.',
        flink: '`ContinuousProcessingTimeTrigger` fires at multiples of its interval, with news or without; merging keeps the earliest.',
        kafkaStreams: 'No early panes, but updates: each record, or what is left of them by cache and commit interval.',
        bytewax: 'No early panes.',
      },
    },
    {
      matter: 'pitfall 7: a clock that is set',
      rule:
        'Early panes, idleness and historic sessions go by a clock that only moves forward; the calendar is asked for nothing but whether an event lies too far ahead. Set forward or back by an hour, ' +
        'it neither loses nor repeats a deadline. While it is an hour slow, what is dated by a right clock is a dead letter `future`, which can be sent again.',
      why: 'A deadline that was computed with a clock that is then set back comes an hour late; set forward, all of them come at once.',
      shownBy: [setForward, setBack],
      elsewhere: {
        beam: 'Up to the runner; the direct runner counts from a monotonic clock.',
        flink: 'Not documented; processing time is the system time of the machine.',
        kafkaStreams: 'Not documented; punctuation by wall-clock time is by the system time of the machine.',
        bytewax: 'Not documented; the clock that moves the watermark is the system time, unless `now_getter` says otherwise.',
      },
    },
    {
      matter: 'pitfall 8: equal timestamps',
      rule: 'Views at the same time give the same results in whatever order they arrive. In the whole pipeline the fields of GA4\'s batches decide, then the page.',
      why: 'Otherwise a redelivery changes who gets the time and who gets 0 s.',
      shownBy: [equalTimes],
      elsewhere: {
        beam: 'The elements of a pane have no order.',
        flink: 'In the order of their arrival.',
        kafkaStreams: 'In the order of their partition.',
        bytewax: 'In the order of their arrival.',
      },
    },
    {
      matter: 'pitfall 9: a time is a number, and not negative',
      rule: 'The views of a pane are in event-time order, so no time on a page is negative, also when the next view arrived first. No number is rounded on its way: 45.5 s are 45.5 s. Fractions of a millisecond do no harm.',
      why: 'Times that are computed as views arrive are negative whenever two of them change places.',
      shownBy: [neverNegative, fractions],
      elsewhere: {
        beam: 'Left to the user, who has to sort a pane.',
        flink: 'Left to the user, who has to sort a window.',
        kafkaStreams: 'Left to the user; an aggregator sees records in their partition\'s order.',
        bytewax: 'Left to the user; values are in event-time order unless that is turned off.',
      },
    },
    {
      matter: 'pitfall 10: where a window ends',
      rule:
        'A window is `[start, end)` with `end` = last view plus gap. The picture is the predecessor\'s sample: a page entered at 15:30:00 and left 45.5 s later, told at 15:31:00 while the window was to end at 15:31:45.5. ' +
        'The `timestamp` of a result is the moment the page was left: the only reading under which that sample adds up.',
      why: 'Two engines that both say "end" may mean instants a gap apart.',
      shownBy: [endOfWindow],
      elsewhere: {
        beam: 'Last event plus gap, exclusive.',
        flink: 'Last event plus gap, exclusive.',
        kafkaStreams: 'The last event, inclusive.',
        bytewax: 'The last event, inclusive.',
      },
    },
    {
      matter: 'pitfall 11: provisional times',
      rule:
        'Where early results tell of the page that is still open (`--early_last_page`), its time is provisional, and they say so: `EARLY`, `session_gap`. When the next view comes the time changes, ' +
        'and the result goes out again with the next revision. That a result of this identity was told before does not keep it back.',
      why: 'Whoever drops what has been emitted once keeps the provisional time for ever.',
      shownBy: [provisional],
      elsewhere: {
        beam: 'A pane says timing and index, but to the transform that gets it: what of it is written out is left to the user.',
        flink: 'A result says nothing of its firing unless the function of the user adds it.',
        kafkaStreams: 'An update replaces the one before; nothing says which is the last, unless only the last is sent.',
        bytewax: 'There are no provisional results.',
      },
    },
  ],
};
