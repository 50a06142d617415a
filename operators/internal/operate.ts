import { Observable, Subscriber, type OperatorFunction } from 'rxjs';

/** What an operator does with its source; a missing handler passes the notification through. */
export interface Handlers<In> {
  next(value: In): void;
  complete?(): void;
  /** Runs once, on complete, error or unsubscribe: release timers and state here. */
  finalize?(): void;
}

/** Runs `work`; what it throws becomes `error` downstream. For work that the source does not start: timers, side inputs. */
export type Guard = (work: () => void) => void;

/** The subscriber an operator shows to its source; closed as soon as `out` is. */
class Inlet<In> extends Subscriber<In> {
  constructor(
    private readonly out: Subscriber<unknown>,
    private readonly on: Handlers<In>,
  ) {
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- RxJS 7 has no other way to chain subscribers
    super(out);
  }

  protected override _next(value: In): void {
    try {
      this.on.next(value);
    } catch (thrown) {
      this.out.error(thrown);
    }
  }

  protected override _complete(): void {
    try {
      if (this.on.complete) this.on.complete();
      else this.out.complete();
    } catch (thrown) {
      this.out.error(thrown);
    }
    this.unsubscribe();
  }
}

/**
 * Builds an operator from its handlers. A plain `new Observable` around `source.subscribe` would
 * report a throw in `next` on a later tick and go on with the next value, and would not stop a
 * synchronous source when the consumer leaves; this does neither.
 *
 * The only file that touches a protected part of RxJS 7 (8 exports its own `operate`).
 */
export const operate =
  <In, Out>(connect: (out: Subscriber<Out>, guard: Guard) => Handlers<In>): OperatorFunction<In, Out> =>
  (source) =>
    new Observable<Out>((out) => {
      const guard: Guard = (work) => {
        if (out.closed) return;
        try {
          work();
        } catch (thrown) {
          out.error(thrown);
        }
      };
      const handlers = connect(out, guard);
      out.add(() => handlers.finalize?.());
      if (!out.closed) source.subscribe(new Inlet(out, handlers));
    });
