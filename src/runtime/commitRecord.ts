import type { Millis, Timing } from '../../operators/index.js';
import { NOTHING_COUNTED, type Account } from './conservation.js';
import type { Committed, PaneCounts, TaskObservation } from './observation.js';
import type { Epoch } from './ports.js';

/** What an epoch is to add once it is durable. */
interface Pending {
  readonly account: Account;
  readonly panes: PaneCounts;
  readonly cutAt: Millis;
}

/** Remembers what is committed, and how the commits go: for those who watch. */
export class CommitRecord {
  private account = NOTHING_COUNTED;
  private readonly panes: Record<Timing, number> = { EARLY: 0, ON_TIME: 0, LATE: 0 };
  results = 0;
  private revisions = 0;
  private epochs = 0;
  private failures = 0;
  private failure: string | undefined;
  private pending: Pending | undefined;
  private lastAt: Millis;

  constructor(private readonly monotonic: () => Millis) {
    this.lastAt = monotonic();
  }

  /** What a task goes on from. */
  restored(account: Account): void {
    this.account = account;
  }

  /** An epoch is on its way. */
  cut(account: Account, panes: PaneCounts): void {
    this.pending = { account, panes, cutAt: this.monotonic() };
  }

  failed(failure: string): void {
    this.failures += 1;
    this.failure = failure;
  }

  /** It is durable. Returns how long that took. */
  committed({ results }: Pick<Epoch<unknown>, 'results'>): Millis {
    const now = this.monotonic();
    const { account = this.account, panes, cutAt = now } = this.pending ?? {};
    this.account = account;
    if (panes) for (const timing of TIMINGS) this.panes[timing] += panes[timing];
    this.results += results.length;
    for (const { emitted } of results) if (emitted.revision > 0) this.revisions += 1;
    this.epochs += 1;
    this.failures = 0;
    this.failure = undefined;
    this.pending = undefined;
    this.lastAt = now;
    return now - cutAt;
  }

  get total(): Committed {
    const { account, panes, results, revisions, epochs } = this;
    return { ...account, panes: { ...panes }, results, revisions, epochs };
  }

  get health(): TaskObservation['commit'] {
    const now = this.monotonic();
    return { pending: this.pending ? now - this.pending.cutAt : 0, age: now - this.lastAt, failures: this.failures, failure: this.failure };
  }
}

const TIMINGS: readonly Timing[] = ['EARLY', 'ON_TIME', 'LATE'];
