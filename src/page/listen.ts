import { CONNECTING, afterHearing, type Connection, type Heard } from './connection.js';
import type { Status } from '../status/status.js';

/** Events come once a second; after so long without one nothing more is expected. */
const SILENCE = 5_000;
/** A browser opens a lost stream again by itself, but not one that was refused. */
const AGAIN = 2_000;

/** Listens to `/events` for good, and tells whenever something has changed. */
export const listen = (changed: (connection: Connection) => void): void => {
  let connection = CONNECTING;
  let heardAt = Date.now();
  let source: EventSource;

  const hear = (heard: Heard): void => {
    const before = connection;
    connection = afterHearing(connection, heard);
    if (connection !== before) changed(connection);
  };
  const silent = (): void => hear({ _tag: 'Silent', since: heardAt });

  const open = (): void => {
    source = new EventSource('/events');
    source.addEventListener('message', ({ data }: MessageEvent<string>) => {
      heardAt = Date.now();
      const status: Status | null = JSON.parse(data);
      hear({ _tag: 'Told', status });
    });
    source.addEventListener('error', silent);
  };

  setInterval(() => {
    if (Date.now() - heardAt > SILENCE) silent();
    if (source.readyState === EventSource.CLOSED) open();
  }, AGAIN);
  changed(connection);
  open();
};
