import type { Millis } from '../../operators/index.js';
import type { SimulatedProcess } from './simulatedProcess.js';
import type { VirtualTime } from './virtualTime.js';

/** What a process asks of a broker. */
export type RequestKind = 'look' | 'read' | 'become producer' | 'send' | 'commit' | 'abort' | 'connect' | 'ack' | 'extend' | 'pull';

/** What becomes of a request: `lost` never arrives, `unanswered` is done, and its answer lost; one that is `held` leaves when its process goes on. */
export type Fate = 'passes' | 'lost' | 'unanswered' | 'held';

/** What happens to the requests of processes. */
export interface Fates {
  /** Called when a request leaves; it may kill or stop its process. */
  meet(kind: RequestKind, process: SimulatedProcess): Fate;
  /** When the brokers can be reached again; not later than now if they can be. */
  awayUntil(kind: RequestKind): Millis;
}

/** One way of a request or an answer. */
const LEAST_LATENCY: Millis = 1;
const MOST_LATENCY: Millis = 8;

export interface Asked<A> {
  readonly kind: RequestKind;
  /** The process gives up after so long. */
  readonly patience: Millis;
  /** Done where the request arrives. A throw is a refusal, too. */
  readonly act: (answer: (value: A) => void, refuse: (thrown: unknown) => void) => void;
  /** What the process makes of no answer. */
  readonly noAnswer: () => Error;
  /** What it makes of a refusal. */
  readonly refused: (thrown: unknown) => Error;
}

/** The way between processes and brokers. */
export class Network {
  /** Something was answered or asked since this was last set to false: promises may have to go on. */
  isBusy = false;

  constructor(
    private readonly time: VirtualTime,
    private readonly fates: Fates,
    private readonly fraction: () => number,
  ) {}

  /** A request and its answer. Of a process that has been killed it never settles. */
  ask<A>(process: SimulatedProcess, { kind, patience, act, noAnswer, refused }: Asked<A>): Promise<A> {
    return new Promise((resolve, reject) => {
      this.isBusy = true;
      if (!process.isAlive) return;
      const fate = this.fates.meet(kind, process);
      let isOver = false;
      const settle = (how: () => void): void => {
        if (isOver) return;
        isOver = true;
        giveUp();
        this.isBusy = true;
        how();
      };
      const giveUp = process.after(patience, () => settle(() => reject(noAnswer())));
      if (fate === 'lost') return;
      const answer = (how: () => void): void => {
        if (fate !== 'unanswered') process.after(this.latency(), () => settle(how));
      };
      const arrive = (): void => {
        // The client asks again until somebody is there, or until it gives up.
        const awayFor = this.fates.awayUntil(kind) - this.time.now;
        if (awayFor > 0) {
          this.time.after(awayFor + this.latency(), () => { if (!isOver && process.isAlive) arrive(); });
          return;
        }
        const refuse = (thrown: unknown): void => answer(() => reject(refused(thrown)));
        try {
          act((value) => answer(() => resolve(value)), refuse);
        } catch (thrown) {
          refuse(thrown);
        }
      };
      if (fate === 'held') process.after(this.latency(), arrive);
      else this.time.after(this.latency(), arrive);
    });
  }

  latency(): Millis {
    return LEAST_LATENCY + this.fraction() * (MOST_LATENCY - LEAST_LATENCY);
  }
}
