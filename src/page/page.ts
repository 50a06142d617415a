import type { Status } from '../status/status.js';
import type { Connection } from './connection.js';
import { deadLettersView } from './deadLettersView.js';
import { distributionView } from './distributionView.js';
import { byId, write } from './dom.js';
import { figuresView } from './figuresView.js';
import { flowView } from './flowView.js';
import { count, duration, rate, utc } from './format.js';
import { captionsOf, linesOf } from './history.js';
import { resultRow } from './latestResults.js';
import { listen } from './listen.js';
import { fillRows } from './rows.js';
import { sessionView } from './sessionView.js';
import { settingsView } from './settingsView.js';
import { timeChart } from './timeChart.js';
import { titleOf, verdictOf } from './verdict.js';
import { verdictView } from './verdictView.js';

const element = (id: string): HTMLElement => byId(id, HTMLElement);
const tableBody = (id: string): HTMLTableSectionElement => byId(id, HTMLTableSectionElement);

/** Steps of an axis of durations, in ms. */
const STEPS = [10, 100, 1_000, 2_000, 5_000, 10_000, 30_000, 60_000, 120_000, 300_000, 600_000, 1_800_000, 3_600_000, 21_600_000, 86_400_000, 864_000_000, 8_640_000_000];

const charts = (): ((status: Status) => void) => {
  const lag = timeChart(element('lag-chart'), { lines: [{ label: 'behind the clock', colour: '--line-a' }], format: duration, steps: STEPS });
  const open = timeChart(element('open-chart'), { lines: [{ label: 'open', colour: '--line-a' }, { label: 'of them historic', colour: '--line-b' }], format: count });
  const rates = timeChart(element('rates-chart'), { lines: [{ label: 'read', colour: '--line-a' }, { label: 'written', colour: '--line-b' }], format: rate });
  return (status) => {
    lag(linesOf(status, [(point) => point.lag]));
    open(linesOf(status, [(point) => point.open, (point) => point.historic]));
    rates(linesOf(status, [(point) => point.receivedPerSecond, (point) => point.resultsPerSecond]));
    const captions = captionsOf(status);
    write(element('lag-caption'), captions.lag);
    write(element('open-caption'), captions.open);
    write(element('rates-caption'), captions.rates);
  };
};

const startPage = (): void => {
  const session = sessionView();
  const views: readonly ((status: Status) => void)[] = [
    figuresView(),
    flowView(element('flow'), tableBody('edges')),
    charts(),
    distributionView(tableBody('distribution'), element('distribution-caption')),
    ({ results, now, valuesShown }) =>
      fillRows(tableBody('latest'), results.latest.slice(0, 10).map((result) => resultRow(result, now, valuesShown ? (id) => session.find(id) : undefined)), 'no result yet'),
    deadLettersView(element('letters')),
    ({ now }) => session.refresh(now),
    ({ valuesShown }) => write(element('masked'), valuesShown ? '' : 'Session ids, page titles and contents are masked; --show_values shows them.'),
    ({ version, job, now }) => {
      write(element('job'), job);
      write(element('version'), version);
      write(element('clock'), utc(now, now));
    },
  ];
  const verdict = verdictView();
  const showSettings = settingsView(tableBody('settings'), byId('settings-filter', HTMLInputElement), element('settings-found'));

  listen((connection) => {
    document.body.dataset['connection'] = connection._tag;
    const judged = verdictOf(connection, Date.now());
    verdict(judged);
    document.title = titleOf(judged, statusOf(connection)?.job);
    if (connection._tag !== 'Live') return;
    views.forEach((show) => show(connection.status));
    showSettings(connection.status.settings);
  });
};

const statusOf = (connection: Connection): Status | undefined => ('status' in connection ? connection.status : undefined);

startPage();
