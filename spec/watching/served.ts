import { Subject, type Observable } from 'rxjs';
import type { Command } from '../../src/config/parseCommandLine.js';
import { run } from '../../src/run.js';
import { command } from '../config/commandLine.js';
import type { Status } from '../../src/status/status.js';
import type { ExplainedSession } from '../../src/status/explainedSession.js';

export interface LogLine {
  readonly level: string;
  readonly event: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** A real run in this process, with a server of its own on a free port. */
export class Served {
  readonly log: LogLine[] = [];
  readonly stop$ = new Subject<string>();
  outcome: 'running' | 'complete' | { readonly error: unknown } = 'running';
  private readonly url: Promise<string>;
  private readonly ended: Promise<void>;

  constructor(argv: readonly string[], { pageFolder }: { readonly pageFolder?: string } = {}) {
    const { config, settings } = runOf(argv);
    const reports$: Observable<unknown> = run(config, {
      log: (level, event, fields = {}) => void this.log.push({ level, event, fields }),
      stop$: this.stop$,
      settings,
      pageFolder,
    });
    this.ended = new Promise((resolve) => {
      reports$.subscribe({
        error: (error: unknown) => { this.outcome = { error }; resolve(); },
        complete: () => { this.outcome = 'complete'; resolve(); },
      });
    });
    this.url = this.until(() => {
      if (this.outcome !== 'running') throw new Error(`it has ended: ${JSON.stringify(this.log)}`);
      const url = this.log.find(({ event }) => event === 'status_page')?.fields['url'];
      return typeof url === 'string' ? url : undefined;
    });
  }

  async fetch(path: string): Promise<Response> {
    return fetch(new URL(path, await this.url));
  }

  async text(path: string): Promise<string> {
    return (await this.fetch(path)).text();
  }

  async status(): Promise<Status> {
    return this.statusWith(() => true);
  }

  async session(id: string): Promise<ExplainedSession | null> {
    const told: ExplainedSession | null = JSON.parse(await this.text(`/session?id=${encodeURIComponent(id)}`));
    return told;
  }

  /** Asks again and again until it is so. */
  async statusWith(condition: (status: Status) => boolean): Promise<Status> {
    for (;;) {
      const status: Status | null = JSON.parse(await this.text('/status'));
      if (status && condition(status)) return status; // null: the run has not begun
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  async stop(): Promise<void> {
    this.stop$.next('SIGTERM');
    await this.ended;
  }

  async end(): Promise<void> {
    await this.ended;
  }

  private async until<A>(value: () => A | undefined): Promise<A> {
    for (;;) {
      const found = value();
      if (found !== undefined) return found;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }
}

const runOf = (argv: readonly string[]): Extract<Command, { readonly _tag: 'Run' }> => {
  const parsed = command(argv);
  if (parsed._tag !== 'Run') throw new Error(`${parsed._tag} is no run`);
  return parsed;
};

/** The value of each metric in a scrape, by its name and labels as they stand there. */
export const samplesOf = (scrape: string): ReadonlyMap<string, number> =>
  new Map(scrape.split('\n').filter((line) => line !== '' && !line.startsWith('#')).map((line) => {
    const at = line.lastIndexOf(' ');
    return [line.slice(0, at), Number(line.slice(at + 1))] as const;
  }));
