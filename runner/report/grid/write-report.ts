import { join } from 'node:path';
import { atomicWrite } from '../../../trainer/files/atomic-write.js';
import type { Picture, Report } from './blocks.js';
import { reportHtml } from './html.js';
import { reportMarkdown } from './markdown.js';

export const pageName = 'report.html';
const markdownName = 'report.md';
const picturesFolder = 'pictures';

/** Writes the page, and the Markdown with its pictures. @returns their paths */
export function writeReport(folder: string, report: Report): { page: string; markdown: string } {
  const fileOf = ({ name, content }: Picture) =>
    `${picturesFolder}/${name}.${'svg' in content ? 'svg' : 'png'}`;
  for (const block of report.sections.flatMap(({ blocks }) => blocks))
    if (block.type === 'picture') {
      const { content } = block;
      atomicWrite(join(folder, fileOf(block)), 'svg' in content ? content.svg : content.png, {
        isFlushed: false,
      });
    }
  const [page, markdown] = [join(folder, pageName), join(folder, markdownName)];
  atomicWrite(page, reportHtml(report));
  atomicWrite(markdown, reportMarkdown(report, fileOf));
  return { page, markdown };
}
