import type { Millis } from '../../operators/index.js';

/** A run was told to stop, and could not leave everything in good order in time. Nothing is lost by that. */
export class NotParked extends Error {
  override readonly name = 'NotParked';

  constructor(within: Millis, failure: string | undefined) {
    super(
      `the run could not be parked within ${within / 1_000} s: ${failure === undefined ? 'a commit or an ack has not been answered' : `the last commit failed (${failure})`}; ` +
        'what was not committed and acked will be delivered again, and the next run waits for it',
    );
  }
}
