import {
  boundedByNow, ceilingHolds, ceilingHoldsIdleTime, errorPasses, followsNewest, futureEvent, futureIsNoSignOfLife,
  idleBeginsWithConnection, idleClosesLast, idleEndsWithAnyEvent, idleGoesOn, idleKeepsDelay, idleNeedsAnEvent, withoutSkew,
} from '../assignWatermarks.marbles.js';
import { firesAtItsEnd } from '../sessionWindow.classes.marbles.js';
import type { Section } from './rule.js';

export const time: Section = {
  title: 'Event time and the watermark',
  rules: [
    {
      matter: 'watermark',
      rule: 'A watermark *t* says that nothing with an event time before *t* is expected any more. A window fires when the watermark reaches its end.',
      why: 'One number says, for all keys at once, what may be told as complete.',
      shownBy: [firesAtItsEnd],
      elsewhere: {
        beam: 'The same.',
        flink: 'Nothing up to and including *t* is expected, and a window fires at its end less 1 ms. As `forBoundedOutOfOrderness` takes off a millisecond, too, it is the same instant.',
        kafkaStreams: 'No watermark. Stream time is the greatest timestamp a task has seen; a session is over when that has passed its last event by more than gap and grace period.',
        bytewax: 'The same, with a watermark for each key; a session is over when that has passed its last event by more than the gap.',
      },
    },
    {
      matter: 'watermark source',
      rule:
        'The watermark is the greatest event time so far less `--max_out_of_orderness` (10 s). It never goes back. An event ahead of the clock counts as if it ' +
        'happened now (in the library only where `maxFutureSkew` is given). While the pipeline waits after a start, or works off a backlog, a ceiling keeps the watermark lower. An error of the source moves nothing.',
      why: 'What arrives out of order by less than that is on time. The comparison with the clock keeps one fast phone from closing the sessions of everybody.',
      shownBy: [followsNewest, boundedByNow, withoutSkew, ceilingHolds, errorPasses],
      elsewhere: {
        beam: 'The source decides. The policy of KafkaIO with limited delay is the same rule: the lesser of now and the greatest timestamp, less a delay. For Pub/Sub the runner decides.',
        flink: '`forBoundedOutOfOrderness`: the greatest timestamp less a bound, of each partition; the least of all counts. It is not compared with the clock.',
        kafkaStreams: 'The greatest timestamp itself, of each task: how long a window waits is its grace period. It is not compared with the clock.',
        bytewax: '`EventClock`: the greatest timestamp less a wait, of each key, and on with the clock from there. An event ahead of the clock counts in full.',
      },
    },
    {
      matter: 'future event',
      rule:
        'An event ahead of the clock by more than `--max_future_skew` (5 min) is a dead letter `future`. It joins no session, never moves the watermark, ' +
        'and does not end idleness.',
      why: 'A wrong year, or a phone that is a day ahead, would close every session and make late whatever comes after.',
      shownBy: [futureEvent, futureIsNoSignOfLife],
      elsewhere: {
        beam: 'Not told apart. Whether it moves the watermark is up to the source; the policy of KafkaIO with limited delay follows it no further than now.',
        flink: 'Not told apart: it moves the watermark of its partition.',
        kafkaStreams: 'Not told apart: it moves stream time, unless a `TimestampExtractor` of one\'s own refuses it.',
        bytewax: 'Assumed not to happen: it moves the watermark of its key.',
      },
    },
    {
      matter: 'idle input',
      rule:
        'When no event has come for `--idle_timeout` (60 s) of processing time, the watermark goes on from where it stood, one second per second, until the next event. ' +
        'So the last session closes idle timeout, disorder and gap after its last event. While the source is disconnected or the task cannot work, processing time stands still, ' +
        'and silence counts anew from the moment a connection is open.',
      why:
        'The last session of the day has to close, too. Since the watermark goes on from where it stood, and not from the clock, the usual delay of the input is kept and the next ' +
        'live event is on time. Silence through a fault is no idleness.',
      shownBy: [idleClosesLast, idleKeepsDelay, idleGoesOn, idleEndsWithAnyEvent, idleNeedsAnEvent, idleBeginsWithConnection, ceilingHoldsIdleTime],
      elsewhere: {
        beam: 'Source and runner decide. The policy of KafkaIO with limited delay moves the watermark of an idle partition to now less the delay: an input that is later than that as a rule is late after each pause.',
        flink: '`withIdleness` only keeps an idle partition from holding back the others. When all are idle nothing moves, and open windows stay open.',
        kafkaStreams: 'Nothing moves without records: the last session stays open until another record comes.',
        bytewax: 'The watermark of a key goes on with the clock at once, from where it stood, whatever the reason of the silence.',
      },
    },
  ],
};
