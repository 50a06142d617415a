import type { Millis } from '../../operators/index.js';
import type { Status } from '../status/status.js';

/** What the page knows of the run: its last status, and whether it is still told. */
export type Connection =
  | { readonly _tag: 'Connecting' }
  /** It answers, and has no task yet. */
  | { readonly _tag: 'Starting' }
  | { readonly _tag: 'Live'; readonly status: Status }
  /** Nothing has come since then, by the clock of this browser. */
  | { readonly _tag: 'Lost'; readonly status: Status | undefined; readonly since: Millis }
  /** The last that it said is that it ends. */
  | { readonly _tag: 'Ended'; readonly status: Status };

export type Heard =
  | { readonly _tag: 'Told'; readonly status: Status | null }
  | { readonly _tag: 'Silent'; readonly since: Millis };

export const CONNECTING: Connection = { _tag: 'Connecting' };

export const afterHearing = (connection: Connection, heard: Heard): Connection => {
  if (heard._tag === 'Told') return heard.status ? { _tag: 'Live', status: heard.status } : { _tag: 'Starting' };
  switch (connection._tag) {
    case 'Live':
      return connection.status.phase === 'ending' ? { _tag: 'Ended', status: connection.status } : { _tag: 'Lost', status: connection.status, since: heard.since };
    case 'Connecting':
    case 'Starting':
      return { _tag: 'Lost', status: undefined, since: heard.since };
    case 'Lost':
    case 'Ended':
      return connection;
  }
};
