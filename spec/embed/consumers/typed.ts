import { of, type Observable } from 'rxjs';
import { assignWatermarks, branch, sessionWindow, type Aggregate, type Pane, type SessionWindowOptions } from 'pages-viewed-streaming/operators';
import { diagram, marks, run, type AssertEqual, type Diagram } from 'pages-viewed-streaming/marbles';

interface Click { readonly user: string; readonly at: number }

const count: Aggregate<Click, number> = { create: () => 0, add: (clicks) => clicks + 1, merge: (a, b) => a + b };
const options: SessionWindowOptions<string, Click, number> = { key: ({ user }) => user, gap: 60_000, aggregate: count };

export const panes: Observable<Pane<string, number>> = of<Click>({ user: 'ada', at: 0 }).pipe(
  assignWatermarks({ timestamp: ({ at }) => at, maxOutOfOrderness: 0 }),
  branch('Future', () => undefined),
  sessionWindow(options),
  branch('Late', ({ watermark }) => void watermark.toFixed()),
  branch('SessionFull', () => undefined),
  branch('Changed', () => undefined),
  branch('Closed', () => undefined),
  branch('Watermark', () => undefined),
);

// @ts-expect-error A gap is a number of ms.
sessionWindow({ ...options, gap: '60' });

export const drawn: Diagram = diagram({ id: 'a/b', title: 'c', operator: assignWatermarks({ timestamp: ({ at }) => at, maxOutOfOrderness: 0 }), given: marks, score: 'time  0s\nsource  |' });
export const play = (assertEqual: AssertEqual): void => run(drawn, assertEqual);
