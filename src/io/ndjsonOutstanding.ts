import { BehaviorSubject, first, type Observable } from 'rxjs';

export interface OutstandingLimits {
  readonly messages: number;
  readonly bytes: number;
}

/** What was delivered and is not acked yet. Acks are counted, and taken to come in the order of delivery. */
export class Outstanding {
  private readonly count$ = new BehaviorSubject(0);
  /** Emits once, as soon as there is nothing, and completes. */
  readonly isNone$: Observable<number> = this.count$.pipe(first((messages) => messages === 0));

  private readonly batches: { messages: number; readonly bytes: number }[] = [];
  private bytes = 0;

  /** `bytes` of input were held for these messages. */
  delivered(messages: number, bytes: number): void {
    if (messages === 0) return;
    this.batches.push({ messages, bytes });
    this.bytes += bytes;
    this.count$.next(this.count$.value + messages);
  }

  acked(messages: number): void {
    let left = messages;
    for (let batch = this.batches[0]; batch && left > 0; batch = this.batches[0]) {
      const taken = Math.min(left, batch.messages);
      left -= taken;
      batch.messages -= taken;
      if (batch.messages > 0) break;
      this.bytes -= batch.bytes;
      this.batches.shift();
    }
    this.count$.next(this.count$.value - messages);
  }

  /** Emits once, as soon as there is less than the limits, and completes. */
  isBelow$(limits: OutstandingLimits): Observable<number> {
    return this.count$.pipe(first((messages) => messages < limits.messages && this.bytes < limits.bytes));
  }
}
