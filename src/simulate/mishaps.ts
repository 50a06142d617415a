import type { Millis } from '../../operators/index.js';
import { describeFault, type AckFault, type Ambush, type Fault } from './faults.js';
import type { Journal } from './journal.js';
import type { Fate, Fates, RequestKind } from './network.js';
import type { Processes, Running } from './processes.js';
import type { SimulatedProcess } from './simulatedProcess.js';
import type { VirtualTime } from './virtualTime.js';

interface Armed {
  readonly ambush: Ambush;
  readonly strike: (running: Running) => Fate;
}

export interface MishapsOptions {
  readonly time: VirtualTime;
  readonly journal: Journal;
  readonly processes: () => Processes;
  readonly cutStreams: () => void;
  readonly expireLeases: () => void;
  /** Goes on as soon as something is so. */
  readonly when: (is: () => boolean, elseTell: string, goOn: () => void) => void;
}

const KAFKA: ReadonlySet<RequestKind> = new Set(['look', 'read', 'become producer', 'send', 'commit', 'abort']);

/** What a fault brings with it, a fenced producer or a commit to be tried again, is over after so long. */
const CONSEQUENCES: Millis = 15_000;

/** A second instance is there so soon after the first one was stopped in its tracks. */
const SUCCESSION: Millis = 250;

/** Makes the faults of a scenario happen. */
export class Mishaps implements Fates {
  /** What happens to acks by now. */
  acks: AckFault | undefined;
  /** What went wrong last may have its consequences until then. */
  troubledUntil: Millis = 0;
  private armed: Armed[] = [];
  private kafkaAwayUntil: Millis = 0;

  constructor(private readonly options: MishapsOptions) {}

  meet(kind: RequestKind, process: SimulatedProcess): Fate {
    const { journal, processes } = this.options;
    const { current } = processes();
    const met = this.armed.find(({ ambush }) => ambush.request === kind && current?.process === process && !current.isStopping);
    let fate: Fate = 'passes';
    if (met && current) {
      this.armed = this.armed.filter((it) => it !== met);
      this.trouble(0);
      fate = met.strike(current);
    }
    journal.note(`process ${process.pid} asks: ${kind}${fate === 'passes' ? '' : ` (${fate})`}`);
    return fate;
  }

  readonly awayUntil = (kind: RequestKind): Millis => (KAFKA.has(kind) ? this.kafkaAwayUntil : 0);

  /** What still lies in wait does not come any more. */
  makePeace(): void {
    this.armed = [];
  }

  happen(fault: Fault): void {
    const { time, journal, cutStreams, expireLeases } = this.options;
    const processes = this.options.processes();
    journal.note(describeFault(fault));
    this.trouble('lasts' in fault ? fault.lasts : 0);
    switch (fault.name) {
      case 'crash':
        { this.strike(fault.ambush, (running) => this.crash(running, fault.down, fault.ambush)); return; }
      case 'restart':
        { this.restart(fault.down); return; }
      case 'pause':
        { this.strike(fault.ambush, (running) => this.stop(running, fault.lasts, fault.ambush)); return; }
      case 'fence':
        { this.strike(fault.ambush, (running) => {
          processes.startIn(SUCCESSION);
          return this.stop(running, fault.lasts, fault.ambush);
        }); return; }
      case 'timeout':
        { this.strike(fault.ambush, () => (fault.ambush.arrives ? 'unanswered' : 'lost')); return; }
      case 'outage':
        this.kafkaAwayUntil = Math.max(this.kafkaAwayUntil, time.now + fault.lasts);
        return;
      case 'cut':
        { cutStreams(); return; }
      case 'ack':
        this.acks = fault.acks;
        time.after(fault.lasts, () => (this.acks = undefined));
        return;
      case 'redeliver':
        { expireLeases(); return; }
    }
  }

  /** At once, or at the next request of this kind. */
  private strike(ambush: Ambush | undefined, strike: Armed['strike']): void {
    const { current } = this.options.processes();
    if (ambush) this.armed.push({ ambush, strike });
    else if (current && !current.isStopping) strike(current);
  }

  private crash(running: Running, down: Millis, ambush: Ambush | undefined): Fate {
    const processes = this.options.processes();
    this.options.journal.note(`process ${running.process.pid} dies`);
    processes.kill(running);
    processes.startIn(down);
    return ambush?.arrives === false ? 'lost' : 'unanswered';
  }

  private stop({ process }: Running, lasts: Millis, ambush: Ambush | undefined): Fate {
    process.stopFor(lasts);
    this.trouble(lasts);
    return ambush?.arrives === false ? 'held' : 'passes';
  }

  private restart(down: Millis): void {
    const processes = this.options.processes();
    const { current } = processes;
    if (!current) return;
    processes.stop(current);
    this.options.when(() => current.isOver, 'a process that was told to stop has not ended', () => processes.startIn(down));
  }

  private trouble(lasts: Millis): void {
    this.troubledUntil = Math.max(this.troubledUntil, this.options.time.now + lasts + CONSEQUENCES);
  }
}
