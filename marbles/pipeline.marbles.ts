import { diagram, type Diagram } from './diagram.js';
import { marks } from './mark.js';
import { deployed, type Deployment } from './pipeline/deployed.js';
import { outcomeText, rowOfOutcome } from './pipeline/outcome.js';

/*
 * What the whole pipeline promises, as whoever runs it sees it: page views in, results and dead
 * letters out. All settings that a diagram does not name are the defaults: a gap of 60 s, 10 s of
 * disorder, early results every 30 s, idle after 60 s.
 *
 *   source        home            a view of that page when it happens, in the session `k`
 *                 bob.home@20s    one of bob's that happened at 20s
 *                 home/7          the message has the id 7
 *                 nobody.home     the event has no session_id
 *                 KILL START STOP LOST OPEN   happen to the process and its connection
 *   results       home=20s#0      20 seconds on the page home, told for the first time;
 *                 home=60s#1/gap  told anew, revision 1; by the gap rule, no measurement
 *   dead_letters  late:home       with the reason
 *
 * These are the only diagrams that run the application (`src`).
 */

interface Promised extends Deployment {
  readonly id: string;
  readonly title: string;
  readonly score: string;
  /** Besides results and dead letters. */
  readonly shows?: 'Watermark' | 'Count' | 'Ack';
}

const promise = ({ id, title, score, shows, ...deployment }: Promised): Diagram =>
  diagram({
    id: `pipeline/${id}`, title, score, operator: deployed(deployment), given: marks, show: outcomeText, row: rowOfOutcome,
    hide: ['Watermark', 'Count', 'Ack'].filter((tag) => tag !== shows),
  });

// The five cases of the predecessor.

export const singleSession = promise({
  id: 'single-session',
  title: 'single session, 2 events 30 s apart: 30 s on the first page, and the gap on the last',
  score: `
    time     0s    30s   1m                2m40s
    source   home  shop                    !
    results              home=30s#0/early  shop=60s#0/gap
  `,
});

export const multipleSessions = promise({
  id: 'multiple-sessions',
  title: 'multiple sessions: different session_ids are calculated separately',
  score: `
    time     0s        5s        20s       25s       26s
    source   ada.home  bob.home  ada.shop  bob.shop  |
    results                                          ada.home=20s#0 ada.shop=60s#0/gap bob.home=20s#0 bob.shop=60s#0/gap
  `,
});

export const lateEvents = promise({
  id: 'late-events',
  title: 'late events: of a session that has closed a dead letter; of one that nobody has seen a result that says it is historic',
  score: `
    time          0s        1m10s               1m11s          1m12s        3m12s
    source        ada.home  carl.home           ada.shop@20s   bob.home@0s  !
    results                 ada.home=60s#0/gap                              bob.home=60s#0/gap/historic
    dead_letters                                late:ada.shop
  `,
});

export const invalidEvents = promise({
  id: 'invalid-events',
  title: 'invalid events: without session_id an event is filtered out, a dead letter with the reason',
  score: `
    time          0s    5s            6s
    source        home  nobody.shop   |
    results                           home=60s#0/gap
    dead_letters        invalid:shop
  `,
});

export const historicData = promise({
  id: 'historic-data',
  title: 'historic data: old timestamps beside current ones close by processing time, 2 min after the last of them came',
  score: `
    time     0s        10s           2m10s
    source   ada.home  bob.home@-1h  !
    results                          bob.home=60s#0/gap/historic
  `,
});

export const coldReplay = promise({
  id: 'cold-replay',
  title: 'historic data: old timestamps alone are the time of the stream, and close as it goes by',
  score: `
    time     0s            1s                  2s
    source   ada.home@-2h  bob.home@-1h        |
    results                ada.home=60s#0/gap  bob.home=60s#0/gap
  `,
});

// When results come.

export const earlyResult = promise({
  id: 'early-result',
  title: 'a first result comes 30 s after the first view, while the session goes on',
  score: `
    time     0s    20s   30s
    source   home  shop  !
    results              home=20s#0/early
  `,
});

export const onTimeResult = promise({
  id: 'on-time-result',
  title: 'the last page has its result when the watermark reaches the end of the session',
  shows: 'Watermark',
  score: `
    time       0s    20s   30s               1m        1m30s
    source     home  shop                    bob.home  bob.shop !
    results                home=20s#0/early            shop=60s#0/gap
    watermark  -10s  10s                     50s       1m20s
  `,
});

export const lastSessionOfTheDay = promise({
  id: 'last-session-of-the-day',
  title: 'the last session closes though nothing comes any more: idle timeout, disorder and gap after its last view',
  score: `
    time     0s    2m10s
    source   home  !
    results        home=60s#0/gap
  `,
});

export const newOrChanged = promise({
  id: 'new-or-changed',
  title: 'a result is told once, and again with the next revision only if its time has changed',
  score: `
    time     0s    20s   30s               35s       1m5s                               1m30s
    source   home  shop                    cart@10s                                     bob.home !
    results              home=20s#0/early            home=10s#1/early cart=10s#0/early  shop=60s#0/gap
  `,
});

export const lateView = promise({
  id: 'late-view',
  title: 'a view that comes after its session has closed is a dead letter late, and what was told stays',
  score: `
    time          0s    1m10s           1m11s
    source        home  bob.home        shop@30s !
    results             home=60s#0/gap
    dead_letters                        late:shop
  `,
});

export const allowedLateness = promise({
  id: 'allowed-lateness',
  title: 'with --allowed_lateness a late view corrects what was told, by the next revision',
  flags: '--allowed_lateness 600',
  score: `
    time     0s    2m              2m1s
    source   home  bob.home        shop@30s !
    results        home=60s#0/gap  home=30s#1/late shop=60s#0/gap/late
  `,
});

export const endOfInput = promise({
  id: 'end-of-input',
  title: 'at the end of the input everything closes at once',
  score: `
    time     0s        10s           11s
    source   ada.home  bob.home@-1h  |
    results                          bob.home=60s#0/gap/historic ada.home=60s#0/gap
  `,
});

export const drain = promise({
  id: 'drain',
  title: 'a stop with --drain closes everything as it stands, and says so',
  flags: '--drain',
  score: `
    time     0s    10s   15s
    source   home  shop  STOP !
    results              home=10s#0/drain shop=60s#0/gap/drain
  `,
});

export const park = promise({
  id: 'park',
  title: 'a stop with the state in Kafka closes nothing: the next instance goes on with the sessions',
  score: `
    time     0s    10s   5m     5m1s      5m2s
    source   home  STOP  START  shop@20s  |
    results                               home=20s#0 shop=60s#0/gap
  `,
});

// What becomes no result.

export const future = promise({
  id: 'future',
  title: 'a view dated more than 5 min ahead is a dead letter future, and closes nobody else',
  score: `
    time          0s    10s                 20s   21s
    source        home  bob.home@5m10.001s  shop  |
    results                                       home=20s#0 shop=60s#0/gap
    dead_letters        future:bob.home
  `,
});

export const excluded = promise({
  id: 'excluded',
  title: 'a view of another customer than --customer_id_filter is a dead letter excluded',
  flags: '--customer_id_filter ada',
  score: `
    time          0s        10s                20s
    source        ada.home  bob.home           |
    results                                    ada.home=60s#0/gap
    dead_letters            excluded:bob.home
  `,
});

export const messageIds = promise({
  id: 'message-ids',
  title: 'a message id that comes again within 10 min is counted and dropped before anything else is looked at',
  shows: 'Count',
  score: `
    time     0s      2m10s           9m59s          10m     10m1s
    source   home/1                  nobody.shop/1  shop/1  |
    results          home=60s#0/gap                         shop=60s#0/gap
    counts                                                  received:3 closed:2 held:0 duplicates:1
  `,
});

export const redelivered = promise({
  id: 'redelivered',
  title: 'message ids outlive a crash: what was committed and comes again is counted and dropped',
  shows: 'Count',
  score: `
    time     0s      20s     25s   40s    50s                   51s
    source   home/1  shop/2  KILL  START  home/1@0s shop/2@20s  |
    results                                                     home=20s#0 shop=60s#0/gap
    counts                                                      received:4 closed:2 held:0 duplicates:2
  `,
});

export const republished = promise({
  id: 'republished',
  title: 'a row published again under a new id is a duplicate while its session is held, late while it is remembered, then historic',
  shows: 'Count',
  score: `
    time          0s      20s        2m30s           3m         14m        16m                      16m1s
    source        home/1  home/2@0s                  home/3@0s  home/4@0s                           |
    results                          home=60s#0/gap                        home=60s#0/gap/historic
    dead_letters                                     late:home
    counts                                                                                          received:4 closed:2 held:0 duplicates:1 late:1
  `,
});

export const conservation = promise({
  id: 'conservation',
  title: 'every message that was received is in a closed or an open session, a duplicate, or a dead letter',
  fields: { click: { event_name: 'click' } },
  shows: 'Count',
  score: `
    time          0s      10s     20s                                          1m30s           1m31s      1m32s
    source        home/1  home/1  nobody.shop click bob.home@10m               carl.home       shop@30s   STOP !
    results                                                                    home=60s#0/gap
    dead_letters                  invalid:shop excluded:click future:bob.home                  late:shop
    counts                                                                                                received:7 closed:1 held:1 duplicates:1 invalid:1 excluded:1 future:1 late:1
  `,
});

export const poison = promise({
  id: 'poison',
  title: 'a view that breaks the pipeline twice is a dead letter processing_failed, and the others have their results',
  poison: 'shop',
  score: `
    time          0s    10s   10.35s                  20s   21s
    source        home  shop                          cart  |
    results                                                 home=20s#0 cart=60s#0/gap
    dead_letters              processing_failed:shop
  `,
});

export const acknowledged = promise({
  id: 'acknowledged',
  title: 'a message is acknowledged with the next commit, long before its session closes',
  shows: 'Ack',
  score: `
    time     0s    1s    2m10s
    source   home        !
    acked          home
    results              home=60s#0/gap
  `,
});

// Time on page.

export const sample = promise({
  id: 'sample',
  title: 'the sample of the predecessor: 45.5 s, told by an early result at 15:31:00',
  score: `
    time     30s      45.5s  1m
    source   home@0s  shop   !
    results                  home=45.5s#0/early
  `,
});

export const finerThanMillis = promise({
  id: 'finer-than-a-millisecond',
  title: 'what is finer than a millisecond is cut off, and the time on a page is exact',
  fields: { home: { ga_event_dtm: '2025-01-30T15:30:00.0009Z' }, shop: { ga_event_dtm: '2025-01-30T15:30:00.0019Z' } },
  score: `
    time     0s         1s
    source   home shop  |
    results             home=0.001s#0 shop=60s#0/gap
  `,
});

export const lastPageOmitted = promise({
  id: 'last-page-omitted',
  title: 'with --last_page omit the last page of a session has no result',
  flags: '--last_page omit',
  score: `
    time     0s    30s   1m                2m40s
    source   home  shop                    !
    results              home=30s#0/early
  `,
});

export const earlyLastPage = promise({
  id: 'early-last-page',
  title: 'with --early_last_page the open page has a provisional result, which the next view corrects',
  flags: '--early_last_page',
  score: `
    time     0s    30s                   40s   1m10s
    source   home                        shop  !
    results        home=60s#0/gap/early        home=40s#1/early shop=60s#0/gap/early
  `,
});

export const equalTimestamps = promise({
  id: 'equal-timestamps',
  title: 'views at the same time stand in the order of GA4, those without its numbers last, in whatever order they arrive',
  fields: { shop: { batch_page_id: 1, batch_ordering_id: 1 }, home: { batch_page_id: 1, batch_ordering_id: 2 } },
  score: `
    time     0s                                                         1s
    source   ada.banner ada.home ada.shop bob.shop bob.banner bob.home  |
    results                                                             ada.shop=0s#0 ada.home=0s#0 ada.banner=60s#0/gap bob.shop=0s#0 bob.home=0s#0 bob.banner=60s#0/gap
  `,
});

export const sessionCap = promise({
  id: 'session-cap',
  title: 'a view that would make a session longer than 24 h (here with a gap of 12 h) closes it, and is the measured end of its last page',
  flags: '--window_size 43200',
  score: `
    time     0s         1s        2s
    source   home@-13h  shop@-2h  cart@0s !
    results                       home=39600s#0/cap shop=7200s#0/cap
  `,
});

export const sessionFull = promise({
  id: 'session-full',
  title: 'older views may take a session to 48 h (here with a gap of 12 h); one that would make it longer is a dead letter session_full',
  flags: '--window_size 43200',
  score: `
    time          0s    1s
    source        home  a@-11h b@-22h c@-33h d@-44h !
    dead_letters        session_full:d
  `,
});

// Starts and stops.

export const uncleanStart = promise({
  id: 'unclean-start',
  title: 'after a crash the watermark stands still until what the dead instance had been given has come again: nothing of it is late',
  shows: 'Watermark',
  score: `
    time       0s    30s   40s    1m12s     1m14s     1m40s
    source     home  KILL  START  bob.home  shop@29s  bob.shop !
    watermark  -10s                                   1m30s
    results                                           home=29s#0 shop=60s#0/gap
  `,
});

export const catchUp = promise({
  id: 'catch-up',
  title: 'a backlog in any order makes nothing late: the watermark waits below its oldest message of the last 10 s',
  isBacklog: true,
  shows: 'Watermark',
  score: `
    time       0s             1s             2s                12s
    source     ada.home@-20m  bob.home@-10m  ada.shop@-19m30s  carl.home !
    watermark  -20m10s                                         2s
    results                                                    ada.home=30s#0 ada.shop=60s#0/gap bob.home=60s#0/gap
  `,
});

export const disconnected = promise({
  id: 'disconnected',
  title: 'while the subscription is disconnected time stands still: such a silence closes nothing',
  score: `
    time     0s    10s   10m   12m10s
    source   home  LOST  OPEN  !
    results                    home=60s#0/gap
  `,
});
