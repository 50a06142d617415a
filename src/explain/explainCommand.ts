import { EMPTY, NEVER, concat, concatMap, defer, first, ignoreElements, map, merge, of, tap, type Observable } from 'rxjs';
import { ChangelogRefusal } from '../changelog/changelogRefusal.js';
import type { ExplainConfig } from '../config/explainConfig.js';
import type { StatefulJob } from '../config/stateCommandConfig.js';
import { productFlow } from '../flow.js';
import { kafkaJobState } from '../io/kafkaJobState.js';
import { ndjsonSource } from '../io/ndjsonSource.js';
import { referenceFile } from '../io/referenceFile.js';
import { NO_REFERENCE_DATA } from '../model/referenceData.js';
import { productNamed } from '../products/products.js';
import type { Log } from '../runtime/taskLoop.js';
import { look } from '../stateCommand/look.js';
import { codecOf } from '../stateCommand/stateCommand.js';
import { asDiagram } from './asDiagram.js';
import { decisiveFields } from './decisiveFields.js';
import { explainSession } from './explainSession.js';
import { explanationText } from './explanationText.js';
import { Names } from './names.js';
import { prose } from './prose.js';
import type { Fields, Story } from './story.js';
import { timeline } from './timeline.js';
import { Witness } from './witness.js';
import { Words, iso } from './words.js';

type Recording = Extract<ExplainConfig['source'], { readonly _tag: 'Recording' }>;

/**
 * Explains a session.
 *
 * Shape: one text, for stdout.
 *
 * Errors: a `FileError`; a message without a publish time; a session of which nothing is known; what broke the pipeline.
 */
export const explainCommand = ({ session, source }: ExplainConfig, log: Log): Observable<string> => {
  if (source._tag === 'Job') return known(session, source, log);
  const fieldsOf = decisiveFields(source.rules.filter);
  return storyOf(session, source, fieldsOf, log).pipe(map((story) => explained(story, source, fieldsOf)));
};

/** Lines that are read and not processed yet. */
const MOST_WAITING = 10_000;

const storyOf = (session: string, { path, product: name, rules, referenceData }: Recording, fieldsOf: (event: Fields) => Fields, log: Log): Observable<Story> =>
  defer(() => {
    const reference = referenceData === undefined ? () => NO_REFERENCE_DATA : referenceFile(referenceData, { warn: (event, fields) => log('warn', event, fields) }).current;
    const chosen = productNamed(name, { results: rules.results, enrichment: { reference, outputFields: [] } });
    return chosen((product) => witnessed(new Witness((watch) => productFlow(product, rules, watch), session, fieldsOf), path));
  }).pipe(tap((story) => { if (!story.happenings.some(({ _tag }) => _tag === 'Arrived')) throw new UnknownSession(session, `${path} holds no event of it, among ${story.messages} messages`); }));

const witnessed = <A>(witness: Witness<A>, path: string): Observable<Story> =>
  defer(() => {
    const source = ndjsonSource({ path });
    const processed$ = source.open({ stop$: NEVER, maxOutstandingMessages: MOST_WAITING }).pipe(
      concatMap((event) => {
        if (event._tag !== 'Delivered') return EMPTY;
        for (const message of event.messages) witness.process(message);
        return source.ack(event.messages);
      }),
      ignoreElements(),
    );
    return merge(witness.running$, concat(processed$, defer(() => of(witness.end())))).pipe(first());
  });

/** What the state of a job holds of it. */
const known = (session: string, { job, brokers, security }: StatefulJob, log: Log): Observable<string> =>
  look(kafkaJobState({ job, brokers, clientId: job, security, log })).pipe(
    map(({ restored }) => {
      if (restored instanceof ChangelogRefusal) throw restored;
      const { state } = restored;
      const explanation = state && codecOf(restored)((codec) => explainSession(state.as(codec), session, codec));
      if (!explanation) throw new UnknownSession(session, `the state of ${job} knows nothing of it: it never came, or was closed and is forgotten`);
      return explanationText(explanation, job);
    }),
  );

/** Nothing is known of the session that was asked for. */
export class UnknownSession extends Error {
  override readonly name = 'UnknownSession';

  constructor(session: string, where: string) {
    super(`session ${JSON.stringify(session)}: ${where}`);
  }
}

const explained = (story: Story, { path, settings, asDiagram: isDiagram }: Recording, fieldsOf: (event: Fields) => Fields): string => {
  const names = new Names();
  const arrivals = story.happenings.filter(({ _tag }) => _tag === 'Arrived');
  const words = new Words(arrivals[0]?.at ?? 0, names);
  if (isDiagram) return asDiagram({ story, names, words, settings, fieldsOf, recording: path });
  return [
    `The session ${story.sessionId} in ${path}: ${arrivals.length} events among ${story.messages} messages. 0s is ${iso(words.zero)}, when the first of them came.\n`,
    `${timeline(story, words)}\n`,
    prose(story, words),
  ].join('\n');
};
