import type { Diagram } from './diagram.js';
import type { Rule, Section } from './rules/rule.js';
import { printScore } from './score.js';

/** What is needed to make the page besides the rules. */
export interface PageLinks {
  /** The diagram that the page explains pictures and scores by. */
  readonly example: Diagram;
  /** The file that exports a diagram, from the root of the project. */
  readonly fileOf: (diagram: Diagram) => string;
}

/** The name of a diagram's picture in `docs/marbles`. */
export const pictureOf = ({ id }: Diagram): string => `${id.replaceAll('/', '-')}.svg`;

/** docs/semantics.md: each rule with its reason, its picture and the answers of other engines. */
export const semanticsPage = (sections: readonly Section[], links: PageLinks): string =>
  [
    INTRODUCTION,
    howToRead(links.example),
    `## Contents\n\n${sections.map(contents).join('\n')}\n- [Also promised](#also-promised)`,
    ...sections.flatMap(({ title, rules }) => [`## ${title}`, ...rules.map((rule) => shown(rule, links))]),
    ALSO_PROMISED,
  ].join('\n\n') + '\n';

const INTRODUCTION = `# Semantics

<!-- generated from marbles/rules by: npm run docs -->

What the pipeline computes, rule by rule: the rule, why it is so, a diagram that shows it, and how Beam, Flink, Kafka Streams and Bytewax answer the same
question. Every diagram is played as a test; its picture and its score are drawn from the same datum. The words are those of the
[glossary](../operators/README.md#glossary). Event times come from \`ga_event_dtm\`; processing time is the clock of the task, which stands still while the task
cannot work.

The columns about other engines say what their documentation and their sources said in 2026. None of these engines was run to compare: where you rest on it, look it up for
the version that you have.`;

const howToRead = (example: Diagram): string => `## How to read a diagram

${picture(example)}

**The picture.** To the right runs processing time: when things arrive and come out. Upwards runs event time: when they happened. A ball stands where both meet.
The line is the watermark; what lies under it is no longer expected, and a ball there was behind it when it came. A box is a session: as high as its window, as
long as it is held; a bold right edge is the watermark closing it. A ball that is struck out was refused. Below are the rows of what came out.

**The score** says the same in text. It is a table: the row \`time\` has instants of processing time, each row what happens there.

${score(example)}

- In the row \`source\` \`a\` is an event that arrives at that instant and happened then, \`a@10s\` one that happened at 10 s, \`bob.a\` one with the key \`bob\`.
  \`~1m\` is a watermark. The source completes with \`|\`, fails with \`#\`; at \`!\` the consumer leaves.
- \`ON_TIME#0/last{a}[0s..1m)\` is a pane: its timing, its index, flags, what it holds, its window. \`late(b@30s,~1m)\` is an event that is late, and the watermark
  that had passed it. \`1m..2m\` stands for every second from 1 m to 2 m.
- More is in [the notation](../marbles/README.md#the-notation).`;

const contents = ({ title, rules }: Section): string =>
  `- ${link(title, `#${anchor(title)}`)}: ${rules.map(({ matter }) => link(matter, `#${anchor(matter)}`)).join(', ')}`;

const shown = ({ matter, rule, why, shownBy: [first, ...more], elsewhere }: Rule, { fileOf }: PageLinks): string =>
  [
    `### ${matter}`,
    rule,
    `*Why:* ${why}`,
    `${picture(first)}<br>\n*${first.title}*`,
    `<details><summary>${['its score', ...(more.length > 0 ? [`${more.length} more ${more.length === 1 ? 'diagram' : 'diagrams'}`] : [])].join(', and ')}</summary>`,
    `${score(first)}\n\n(${link('source', `../${fileOf(first)}`)})`,
    ...(more.length > 0 ? [more.map((it) => `- ${link(it.title, `marbles/${pictureOf(it)}`)} (${link('source', `../${fileOf(it)}`)})`).join('\n')] : []),
    '</details>',
    `| Beam | Flink | Kafka Streams | Bytewax |\n| --- | --- | --- | --- |\n| ${[elsewhere.beam, elsewhere.flink, elsewhere.kafkaStreams, elsewhere.bytewax].map(cell).join(' | ')} |`,
  ].join('\n\n');

const ALSO_PROMISED = `## Also promised

What no single diagram can show, since it holds of any input, or of the delivery:

| promise | why | shown by |
| --- | --- | --- |
| The sessions of what comes on time are those of a batch job, in whatever order it comes. | The order of delivery is chance. | [are those of a batch job, when it comes on time](../spec/laws/sessions.spec.ts) |
| Early results never change the last revision of a result. | They can be turned off without changing what is finally true. | [early panes never change the last revision of a result](../spec/laws/chain.spec.ts) |
| The sessions of a key never overlap while they are remembered. | What was told as final stays final. | [the sessions of a key never overlap while they are remembered](../spec/laws/sessions.spec.ts) |
| Received = in closed sessions + in held sessions + duplicates + dead letters, at every commit. | Nothing is lost in silence. | [law: it holds at every cut, for input with every outcome](../spec/runtime/conservation.spec.ts) |
| What goes on from a snapshot goes on as if nothing had happened. | A restart must not show in the results. | [a chain restored from a snapshot, taken at any point, goes on as if nothing had happened](../spec/laws/state.spec.ts) |
| Acknowledgements do not wait for windows: 10 000 open sessions pass through 100 outstanding messages. | Leases would grow old, and a subscription of many sessions would stop. | [acks do not wait for windows: 10 000 open sessions pass through 100 outstanding messages](../spec/runtime/epochs.spec.ts) |`;

const picture = (diagram: Diagram): string => `!${link(diagram.title, `marbles/${pictureOf(diagram)}`)}`;

const score = (diagram: Diagram): string => `\`\`\`text\n${printScore(diagram.score)}\n\`\`\``;

const link = (text: string, target: string): string => `[${text}](${target})`;

const cell = (text: string): string => text.replaceAll('|', '\\|');

/** As GitHub makes them of headings. */
const anchor = (heading: string): string => heading.toLowerCase().replace(/[^\p{L}\p{N} _-]/gu, '').replaceAll(' ', '-');
