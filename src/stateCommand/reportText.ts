import type { OwnerReport, Report, StateReport } from './report.js';

/** A report for eyes: one line a matter. */
export const reportText = ({ job, topic, log, owners, epoch, refusal, state }: Report): string => {
  const [owner, ...former] = owners;
  return lines([
    ['job', job],
    ['changelog', `${topic}: ${log.records === 0 ? 'no record' : `${log.records} records, ${log.bytes} bytes, offsets ${log.first_offset} to ${log.last_offset}`}`],
    ['owner', owner ? ownerText(owner) : 'nobody'],
    ...former.slice(0, SHOWN).map((it, place): Line => [place === 0 ? 'before that' : '', ownerText(it)]),
    ['last commit', epoch === 0 ? 'none' : `epoch ${epoch}${state ? `, ${state.parked ? 'parked: the run had nothing left to do' : 'not parked: the run goes on, or has died'}` : ''}`],
    ...(refusal ? refusalLines(refusal) : state ? stateLines(state) : [['state', 'none yet: a run starts anew'] as const]),
  ]);
};

type Line = readonly [matter: string, text: string];

const WIDTH = 16;

const lines = (them: readonly Line[]): string => them.map(([matter, text]) => `${matter.padEnd(WIDTH)}${text}\n`).join('');

/** Of former owners. */
const SHOWN = 3;

const ownerText = ({ instance, host, pid, started_at, takeover }: OwnerReport): string =>
  `${instance} (host ${host}, pid ${pid}), started ${started_at}${takeover > 1 ? `, takeover ${takeover}` : ''}`;

const refusalLines = ({ fault, offset, found, advice }: NonNullable<Report['refusal']>): readonly Line[] => [
  ['state', `cannot be restored (${fault}): ${offset === null ? 'at the end' : `at offset ${offset}`} ${found}`],
  ['advice', advice],
];

const stateLines = ({ task_time, watermark, sessions, early_results_due, emitted, message_ids, account, settings }: StateReport): readonly Line[] => [
  ['task time', task_time],
  ['watermark', watermark ?? 'none yet'],
  ['open sessions', `${sessions.open} with ${sessions.views} events: ${sessions.live} live, ${sessions.fired} kept for late events, ${sessions.historic} of old events`],
  ['remembered', `${sessions.closed} closed sessions, ${emitted} results, ${message_ids.remembered} message ids (${message_ids.unconfirmed} unconfirmed)`],
  ['early results', `due in ${early_results_due} sessions`],
  ['account', pairs({ received: account.received, duplicates: account.duplicates, ...account.dead_letters, held: account.held, closed: account.closed })],
  ['settings', pairs(settings)],
];

const pairs = (them: Readonly<Record<string, unknown>>): string => Object.entries(them).map(([name, value]) => `${name} ${String(value)}`).join(', ');
