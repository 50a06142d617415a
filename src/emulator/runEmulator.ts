import { Observable } from 'rxjs';
import { startEmulator } from './startEmulator.js';

/**
 * The emulator as a command: emits one line that says what it is and how to use it, stays open, and
 * closes when it is unsubscribed. An error (the port is taken) is the Observable's.
 */
export const runEmulator = ({ host, port }: { readonly host: string; readonly port: number }): Observable<string> =>
  new Observable((out) => {
    const starting = startEmulator({ host, port });
    starting.then(
      ({ address }) => out.next(`Pub/Sub emulator on ${address}, in memory, for local use only: PUBSUB_EMULATOR_HOST=${address}`),
      (error: unknown) => out.error(error),
    );
    return () => void starting.then((emulator) => emulator.close(), () => undefined);
  });
