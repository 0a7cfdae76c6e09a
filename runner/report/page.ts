/** The frame of all report pages: one file that needs nothing beside it. */
import { colorVariables, css } from './colors.js';
import { escapeMarkup } from './escape.js';

export interface Section {
  title: string;
  /** Of its anchor. */
  id?: string;
  /** Below the title; text. */
  note?: string;
  /** HTML. */
  body: string;
}

const style = `${colorVariables(':root')}
*{box-sizing:border-box}
body{margin:0 auto;padding:32px 24px 64px;max-width:1500px;font:15px/1.5 system-ui,sans-serif;background:${css('background')};color:${css('text')}}
h1{font-size:26px;margin:0 0 4px}h2{font-size:19px;margin:40px 0 6px;padding-bottom:6px;border-bottom:1px solid ${css('line')}}
p{margin:4px 0 12px;color:${css('faint')}}
dl{display:grid;grid-template-columns:max-content 1fr;gap:4px 20px;margin:16px 0;padding:16px 20px;background:${css('surface')};border:1px solid ${css('line')};border-radius:8px}
dt{color:${css('faint')}}dd{margin:0;overflow-wrap:anywhere}dd.alarm{color:${css('alarm')};font-weight:600}
svg.chart{width:max(440px,calc(50% - 12px));max-width:100%;height:auto;border:1px solid ${css('line')};border-radius:8px;margin:8px 12px 0 0}
.cards{display:flex;flex-wrap:wrap;gap:14px}.sheets{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,420px),1fr));gap:14px}.sheets.wide{grid-template-columns:repeat(auto-fill,minmax(min(100%,560px),1fr))}.sheets img{width:100%}
figure{margin:0;padding:10px 12px 12px;background:${css('surface')};border:1px solid ${css('line')};border-radius:8px;max-width:100%}
figure img{display:block;max-width:100%;height:auto}
figcaption{font-size:13px;color:${css('faint')};margin-bottom:6px;overflow-wrap:anywhere}figcaption b{color:${css('text')}}
footer{margin-top:48px;font-size:13px;color:${css('faint')}}`;

export function htmlPage(page: {
  title: string;
  subtitle: string;
  sections: readonly Section[];
  footer: string;
  /** HTML of the head, beside what every page has. */
  head?: string;
  /** HTML before the sections, and after them. */
  before?: string;
  after?: string;
}): string {
  const sections = page.sections.map(
    ({ title, id, note, body }) =>
      `<section${id === undefined ? '' : ` id="${escapeMarkup(id)}"`}><h2>${escapeMarkup(title)}</h2>${note === undefined ? '' : `<p>${escapeMarkup(note)}</p>`}${body}</section>`,
  );
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>${escapeMarkup(page.title)}</title><style>${style}</style>${page.head ?? ''}</head>
<body><header><h1>${escapeMarkup(page.title)}</h1><p>${escapeMarkup(page.subtitle)}</p></header>
${page.before ?? ''}<main>${sections.join('\n')}</main>${page.after ?? ''}
<footer>${escapeMarkup(page.footer)}</footer></body></html>
`;
}
