import type { Millis } from '../../operators/index.js';
import type { Due, Planned } from './planned.js';
import type { PubsubModel } from './pubsubModel.js';
import { GAP, MOST_UNACKED, type PlannedView, type ScenarioMessage } from './scenario.js';

const HOUR: Millis = 3_600_000;

/** An event as it was published. */
interface Published extends Planned {
  readonly id: string;
  readonly session: string;
  readonly at: Millis;
}

/**
 * Publishes the messages of a scenario, none while too much is not acked, and keeps what is due for each.
 * Events happen when they are published, or a little before: so a stall of the pipeline is a pause of the visitors.
 */
export class Publisher {
  readonly published: Published[] = [];
  /** Numbers of those that break the pipeline, and how often. */
  readonly poison = new Map<string, ScenarioMessage['poison']>();

  constructor(
    private readonly subscription: PubsubModel,
    private readonly calendar: () => Millis,
    /** A watermark that no crash takes back. */
    private readonly sureWatermark: () => Millis,
  ) {}

  get isHeldBack(): boolean {
    return this.behind() >= MOST_UNACKED;
  }

  publish({ n, content, delays, poison }: ScenarioMessage): void {
    switch (content._tag) {
      case 'View':
        this.send(n, content.view, content.due, delays, poison);
        break;
      case 'Refused':
        this.send(n, content.view, content.due, delays, poison);
        break;
      case 'Old':
        // Before there is a watermark nothing is long ago.
        if (this.sureWatermark() > -Infinity) this.send(n, content.view, 'result', delays, poison);
        break;
      case 'Again': {
        const former = this.published.find((it) => it.n === content.of);
        if (!former) return;
        const due = former.due === 'result' ? 'duplicate' : former.due === 'processing_failed' ? 'result' : undefined;
        if (due) this.take({ n, due, data: former.data, session: former.session, at: former.at }, delays);
        break;
      }
      case 'TooLate': {
        const last = this.lastOf(content.session);
        if (last !== undefined) this.send(n, { session: content.session, page: 'Too late', ago: this.calendar() - last }, 'late', delays, poison);
      }
    }
  }

  /** When the last view of a session was, if the session is over for certain. */
  private lastOf(session: string): Millis | undefined {
    const views = this.published.filter((it) => it.session === session && (it.due === 'result' || it.due === 'duplicate'));
    const last = Math.max(...views.map(({ at }) => at));
    const unacked = this.subscription.backlog.attempts;
    return views.length > 0 && views.every(({ id }) => !unacked.has(id)) && last + GAP <= this.sureWatermark() ? last : undefined;
  }

  private send(n: number, view: PlannedView, due: Due, delays: readonly Millis[], poison: ScenarioMessage['poison']): void {
    const at = this.calendar() - view.ago;
    if (poison !== 'never') this.poison.set(`${n}`, poison);
    this.take({ n, due: poison === 'always' ? 'processing_failed' : due, data: eventText(view, at, due), session: view.session, at }, delays);
  }

  private take(planned: Omit<Published, 'id'>, delays: readonly Millis[]): void {
    const id = this.subscription.publish({ data: planned.data, attributes: { n: `${planned.n}` } }, delays);
    this.published.push({ ...planned, id });
  }

  /** How many messages were published since the oldest that is not acked, itself included. */
  private behind(): number {
    const unacked = this.subscription.backlog.attempts;
    const oldest = this.published.findIndex(({ id }) => unacked.has(id));
    return oldest < 0 ? 0 : this.published.length - oldest;
  }
}

const eventText = ({ session, page }: PlannedView, at: Millis, due: Due): string => {
  const text = JSON.stringify({
    session_id: due === 'invalid' ? undefined : session,
    page_title: page,
    ga_event_dtm: new Date(due === 'future' ? at + HOUR : at).toISOString(),
    event_name: due === 'excluded' ? 'scroll' : 'page_view',
  });
  return due === 'not_json' ? text.slice(0, -1) : text;
};
