import * as t from 'io-ts';
import { printScore, printTime, scoreOf, type Lane } from '../../marbles/index.js';
import type { Millis } from '../../operators/index.js';
import type { SessionExplanation } from './explainSession.js';
import { Names } from './names.js';

const WithVisits = t.type({ visits: t.array(t.type({ at: t.string, title: t.string })) });

/** What a state knows of a session, for eyes: a score whose `time` is event time, and a line for each thing that is known. */
export const explanationText = (explanation: SessionExplanation, job: string): string => {
  const { session_id: id, task_time: taskTime, watermark, open, closed } = explanation;
  const starts = [...open, ...closed].map(({ window }) => Date.parse(window.start));
  const zero = Math.min(...starts);
  return [
    `The session ${id} in the state of ${job}: ${open.length} open, ${closed.length} closed and remembered. 0s is ${new Date(zero).toISOString()}; time is event time.\n`,
    `${picture(explanation, zero)}\n`,
    [
      `task time ${taskTime}, watermark ${watermark ?? 'none yet'}`,
      ...open.flatMap((session) => [
        `open: ${session.window.start} to ${session.window.end}, ${session.events} events, ${session.mode}; its next pane is ${session.pane_index}`,
        `  waits for ${session.waits_for}`,
        ...(session.early_result_at === null ? [] : [`  early results are due at ${session.early_result_at}, task time`]),
        ...session.results.map((result) => `  told ${JSON.stringify(result)}`),
      ]),
      ...closed.map(({ window, closed_at: at }) => `closed: ${window.start} to ${window.end}, at ${at}, task time; what would overlap it is late`),
    ].map((line) => `${line}\n`).join(''),
  ].join('\n');
};

const picture = ({ open, closed, watermark }: SessionExplanation, zero: Millis): string => {
  const names = new Names();
  const at = (time: string): Millis => Date.parse(time) - zero;
  const window = (it: { readonly start: string; readonly end: string }): string => `[${printTime(at(it.start))}..${printTime(at(it.end))})`;
  const events = open.flatMap((session) => (WithVisits.is(session) ? session.visits : [])).map((visit) => ({ at: at(visit.at), text: names.of(visit.title) }));
  const sessions = [...open.map((it) => ({ at: at(it.window.start), text: `open${window(it.window)}` })), ...closed.map((it) => ({ at: at(it.window.start), text: `closed${window(it.window)}` }))];
  const reached = watermark === null ? [] : [{ at: Math.max(0, ...sessions.map((it) => it.at)), text: printTime(at(watermark)) }];
  const lanes: readonly Lane[] = [{ name: 'events', happenings: events }, { name: 'sessions', happenings: sessions }, { name: 'watermark', happenings: reached }];
  return printScore(scoreOf(lanes.filter(({ happenings }) => happenings.length > 0)));
};
