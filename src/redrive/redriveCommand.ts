import type { Observable } from 'rxjs';
import type { RedriveConfig } from '../config/redriveConfig.js';
import { fileDeadLetters } from '../io/fileDeadLetters.js';
import { fileDestination } from '../io/fileDestination.js';
import { fileRedrives } from '../io/fileRedrives.js';
import { kafkaDeadLetters } from '../io/kafkaDeadLetters.js';
import { kafkaRedrives } from '../io/kafkaRedrives.js';
import { pubsubDestination } from '../io/pubsubDestination.js';
import type { DeadLetters, Destination, Redrives } from './ports.js';
import { redrive } from './redrive.js';
import type { Tally } from './tally.js';
import type { Log } from '../runtime/taskLoop.js';

/** Sends dead letters again, see {@link redrive}. */
export const redriveCommand = (config: RedriveConfig, { log, stop$ }: { readonly log: Log; readonly stop$: Observable<unknown> }): Observable<Tally> => {
  const { selection, rate } = config;
  return redrive({ ...source(config, log), destination: destination(config), selection, rate }, stop$);
};

const source = ({ from, to }: RedriveConfig, log: Log): { readonly deadLetters: DeadLetters; readonly redrives: Redrives } => {
  const place = to._tag === 'PubSub' ? to.topic : to._tag === 'File' ? to.path : '';
  if (from._tag === 'File') return { deadLetters: fileDeadLetters(from.path), redrives: fileRedrives(from.path, place) };
  const { topic, brokers, security } = from;
  const kafka = { topic, brokers, security, clientId: 'pages-viewed-redrive', log };
  return { deadLetters: kafkaDeadLetters(kafka), redrives: kafkaRedrives({ ...kafka, to: place }) };
};

const destination = ({ from, to }: RedriveConfig): Destination | undefined => {
  switch (to._tag) {
    case 'PubSub':
      return pubsubDestination(to.topic, to.endpoint);
    case 'File':
      return fileDestination(to.path, from._tag === 'File' ? from.path : undefined);
    case 'Nowhere':
      return undefined;
  }
};
