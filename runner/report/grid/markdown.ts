/** The same report as Markdown (GitHub's), with its pictures as files beside it. */
import { describeClaim } from '../../conclusions/words.js';
import type { Block, Entry, Picture, Report, Table } from './blocks.js';
import { receiptFacts } from './receipts.js';

const namedCells = 12;

/** @param fileOf path of a picture's file, relative to the Markdown */
export function reportMarkdown(report: Report, fileOf: (picture: Picture) => string): string {
  const numbers = new Map(report.claims.map(({ id }, index) => [id, index + 1]));
  const sections = report.sections.flatMap(({ title, blocks }) => [
    `## ${escapeMarkdown(title)}`,
    ...blocks.map(block => blockMarkdown(block, numbers, fileOf)),
  ]);
  // Footnotes: each sentence opens what it rests on.
  const notes = report.claims.map((claim, index) => {
    const facts = receiptFacts(claim, namedCells).map(
      ({ name, value }) => `${name}: ${escapeMarkdown(value)}`,
    );
    return `[^${index + 1}]: ${facts.join('; ')}`;
  });
  return `${[
    `# ${escapeMarkdown(report.title)}`,
    escapeMarkdown(report.subtitle),
    ...sections,
    ...(notes.length === 0 ? [] : [notes.join('\n')]),
    '---',
    escapeMarkdown(report.footer),
  ].join('\n\n')}\n`;
}

function blockMarkdown(
  block: Block,
  numbers: ReadonlyMap<string, number>,
  fileOf: (picture: Picture) => string,
): string {
  switch (block.type) {
    case 'text':
      return escapeMarkdown(block.text);
    case 'heading':
      return `### ${escapeMarkdown(block.text)}`;
    case 'alarm':
      return `**${escapeMarkdown(block.text)}**`;
    case 'claims':
      return block.claims
        .map(({ claim, advice }) => {
          const words = advice === undefined ? '' : ` ${escapeMarkdown(advice)}`;
          return `- ${escapeMarkdown(describeClaim(claim))}[^${numbers.get(claim.id)}]${words}`;
        })
        .join('\n');
    case 'facts':
      return tableMarkdown({
        columns: [{ name: '' }, { name: '' }],
        rows: block.facts.map(({ name, value, isAlarming }) => [name, isAlarming ? `! ${value}` : value]),
      });
    case 'code':
      return fenced(block.text);
    case 'table':
      return `${tableMarkdown(block)}\n\n${escapeMarkdown(block.caption)}`;
    case 'picture':
      return `![${escapeMarkdown(block.description)}](${encodeURI(fileOf(block))})\n\n${escapeMarkdown(block.caption)}`;
  }
}

function tableMarkdown({ columns, rows }: Pick<Table, 'columns' | 'rows'>): string {
  const line = (entries: readonly string[]) => `| ${entries.join(' | ')} |`;
  const entry = (value: string | Entry) => escapeMarkdown(typeof value === 'string' ? value : value.text);
  return [
    line(columns.map(({ name }) => escapeMarkdown(name))),
    line(columns.map(({ isNumber }) => (isNumber ? '--:' : '---'))),
    ...rows.map(row => line(row.map(entry))),
  ].join('\n');
}

/** A fence longer than any within. */
function fenced(text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}\n${text}\n${fence}`;
}

/** Text of others on one line, whatever it holds. */
export function escapeMarkdown(text: string): string {
  return text
    .replace(/\s+|\p{Cc}/gu, ' ')
    .replaceAll('&', '&amp;')
    .replace(/[\\`*_{}[\]<>|~$]/g, character => `\\${character}`)
    .replace(/^( *)([#>+-])/, '$1\\$2')
    .replace(/^( *\d+)([.)] )/, '$1\\$2');
}
