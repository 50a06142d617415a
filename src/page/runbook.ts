/** A paragraph of the runbook: what it begins with in bold, and the rest without links and marks. */
export interface Paragraph {
  readonly lead: string;
  readonly text: string;
}

/** The section of the runbook under this heading; empty: it has none. */
export const runbookSection = (runbook: string, id: string): readonly Paragraph[] => {
  const [, section = ''] = `\n${runbook}`.split(`\n## ${id}\n`);
  const [body = ''] = section.split('\n## ');
  return body.split(/\n\s*\n/).map((it) => it.replace(/\s+/g, ' ').trim()).filter((it) => it !== '').map(paragraph);
};

const paragraph = (markdown: string): Paragraph => {
  const [, lead = '', rest = ''] = /^(?:\*\*(.+?)\*\*)?(.*)$/.exec(markdown) ?? [];
  return { lead, text: rest.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').replace(/[`*]/g, '').trim() };
};
