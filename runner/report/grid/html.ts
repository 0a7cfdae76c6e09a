/** A report as one HTML file that needs nothing beside it, and asks nothing of any network. */
import { createHash } from 'node:crypto';
import { describeClaim } from '../../conclusions/words.js';
import type { Claim } from '../../statistics/claim.js';
import { css } from '../colors.js';
import { escapeMarkup } from '../escape.js';
import { htmlPage } from '../page.js';
import type { Block, Entry, Picture, Report, Table } from './blocks.js';
import { claimsElement } from './kept-claims.js';
import { pageScript } from './page-script.js';
import { receiptFacts } from './receipts.js';

/** So many cells of a claim are named; all are in the file's data. */
const namedCells = 24;

export function reportHtml(report: Report): string {
  const numbers = new Map(report.claims.map(({ id }, index) => [id, index + 1]));
  const policy = `default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'sha256-${createHash('sha256').update(pageScript).digest('base64')}'`;
  return htmlPage({
    title: report.title,
    subtitle: report.subtitle,
    head: `<meta http-equiv="Content-Security-Policy" content="${policy}"><style>${style}</style>`,
    before: contents(report),
    sections: [
      ...report.sections.map(({ id, title, blocks }) => ({
        id,
        title,
        body: blocks.map(block => blockHtml(block, numbers)).join('\n'),
      })),
      ...(report.claims.length === 0 ? [] : [receipts(report.claims)]),
    ],
    after: `<dialog id="receipt" aria-label="Receipt"><form method="dialog"><button>Close</button></form><div></div></dialog>${claimsElement(report)}<script>${pageScript}</script>`,
    footer: report.footer,
  });
}

const contents = ({ sections }: Report) =>
  `<nav aria-label="Sections"><ul>${sections.map(({ id, title }) => `<li><a href="#${escapeMarkup(id)}">${escapeMarkup(title)}</a></li>`).join('')}</ul></nav>`;

type Numbers = ReadonlyMap<string, number>;

function blockHtml(block: Block, numbers: Numbers): string {
  switch (block.type) {
    case 'text':
      return `<p class="said">${escapeMarkup(block.text)}</p>`;
    case 'heading':
      return `<h3>${escapeMarkup(block.text)}</h3>`;
    case 'alarm':
      return `<p class="alarm">${escapeMarkup(block.text)}</p>`;
    case 'claims':
      return `<ul class="claims">${block.claims.map(({ claim, advice }) => claimHtml(claim, advice, numbers)).join('')}</ul>`;
    case 'facts':
      return `<dl>${block.facts.map(({ name, value, isAlarming }) => `<dt>${escapeMarkup(name)}</dt><dd${isAlarming ? ' class="alarm"' : ''}>${escapeMarkup(value)}</dd>`).join('')}</dl>`;
    case 'code':
      return `<pre tabindex="0"><code>${block.text.split('\n').map(escapeMarkup).join('\n')}</code></pre>`;
    case 'table':
      return tableHtml(block);
    case 'picture':
      return pictureHtml(block);
  }
}

function claimHtml(claim: Claim, advice: string | undefined, numbers: Numbers): string {
  const number = numbers.get(claim.id);
  const words = advice === undefined ? '' : ` <span class="advice">${escapeMarkup(advice)}</span>`;
  return `<li class="${claim.verdict}">${escapeMarkup(describeClaim(claim))}<sup><a class="receipt" href="#receipt-${number}" aria-label="Receipt ${number}">${number}</a></sup>${words}</li>`;
}

function tableHtml({ caption, columns, rows, isInteractive }: Table): string {
  const head = columns.map(({ name, isNumber }, index) => {
    const title = isInteractive
      ? `<button type="button" data-column="${index}">${escapeMarkup(name)}</button>`
      : escapeMarkup(name);
    return `<th scope="col"${isNumber ? ' class="number"' : ''}>${title}</th>`;
  });
  const entry = (value: string | Entry, index: number) => {
    const { text, order } = typeof value === 'string' ? { text: value, order: null } : value;
    const kind = columns[index]?.isNumber ? ' class="number"' : '';
    return `<td${kind}${order === null ? '' : ` data-order="${order}"`}>${escapeMarkup(text)}</td>`;
  };
  const body = rows.map(row => `<tr>${row.map(entry).join('')}</tr>`).join('\n');
  const filter = isInteractive
    ? `<label class="filter">Filter <input type="search" placeholder="words that rows must have"></label><output aria-live="polite"></output>`
    : '';
  return `<div class="table"${isInteractive ? ' data-interactive' : ''}>${filter}<div class="scroll" tabindex="0" role="region" aria-label="${escapeMarkup(caption)}"><table><caption><span>${escapeMarkup(caption)}</span></caption><thead><tr>${head.join('')}</tr></thead><tbody>${body}</tbody></table></div></div>`;
}

function pictureHtml({ caption, description, content }: Picture): string {
  const picture =
    'svg' in content
      ? `<div class="scroll" tabindex="0" role="region" aria-label="${escapeMarkup(description)}">${content.svg}</div>`
      : `<img src="data:image/png;base64,${Buffer.from(content.png).toString('base64')}" width="${content.width}" height="${content.height}" alt="${escapeMarkup(description)}">`;
  return `<figure${'png' in content ? ' class="sheet"' : ''}>${picture}<figcaption>${escapeMarkup(caption)}</figcaption></figure>`;
}

function receipts(claims: readonly Claim[]) {
  const receipt = (claim: Claim, index: number) => {
    const facts = receiptFacts(claim, namedCells).map(
      ({ name, value }) => `<dt>${escapeMarkup(name)}</dt><dd>${escapeMarkup(value)}</dd>`,
    );
    return `<article id="receipt-${index + 1}"><h3>${index + 1}. ${escapeMarkup(describeClaim(claim))}</h3><dl>${facts.join('')}</dl></article>`;
  };
  return {
    id: 'receipts',
    title: 'Receipts',
    note: 'What each sentence rests on. All of it is in this file as data, too; grid report --verify computes it again and fails where a sentence no longer holds.',
    body: claims.map(receipt).join('\n'),
  };
}

const style = `h3{font-size:16px;margin:22px 0 6px}
nav ul{display:flex;flex-wrap:wrap;gap:4px 18px;list-style:none;padding:0;margin:12px 0}
a{color:${css('blue')}}
p.said{color:${css('text')}}p.alarm{color:${css('alarm')};font-weight:600}
ul.claims{list-style:none;padding:0;margin:8px 0}ul.claims li{margin:6px 0;padding:2px 0 2px 12px;border-left:3px solid ${css('green')}}
ul.claims li.undecided{border-left-color:${css('faint')}}.advice{display:block;color:${css('faint')}}
sup{line-height:0}a.receipt{display:inline-block;min-width:24px;padding:0 6px;line-height:24px;text-align:center;font-size:12px}
.scroll{overflow-x:auto}.scroll:focus-visible,pre:focus-visible{outline:2px solid ${css('blue')}}
table{border-collapse:collapse;font-size:14px;width:100%}caption{text-align:left;color:${css('faint')};padding:4px 0;font-size:13px}caption span{display:inline-block;position:sticky;left:0;max-width:calc(100vw - 28px)}
th,td{padding:5px 12px 5px 0;border-bottom:1px solid ${css('line')};text-align:left;vertical-align:top}
th{font-weight:600;white-space:nowrap}.number{text-align:right;padding-right:20px;font-variant-numeric:tabular-nums;white-space:nowrap}
th button{all:unset;cursor:pointer;min-height:24px}th button:focus-visible{outline:2px solid ${css('blue')}}th[aria-sort=ascending] button::after{content:" ▲"}th[aria-sort=descending] button::after{content:" ▼"}
.filter{display:inline-block;margin:8px 12px 4px 0}.filter input{font:inherit;padding:6px 8px;min-width:min(320px,60vw);background:${css('surface')};color:${css('text')};border:1px solid ${css('line')};border-radius:6px}
output{color:${css('faint')};font-size:13px}
figure{margin:12px 0}figure.sheet{display:inline-block;vertical-align:top;margin:0 12px 12px 0}figure svg.chart,figure svg.plot{margin:0;border:0;display:block;width:100%;min-width:500px;max-width:900px;height:auto}figure img{image-rendering:pixelated}figcaption{margin:8px 0 0}
pre{overflow:auto;max-height:340px;padding:12px 16px;background:${css('surface')};border:1px solid ${css('line')};border-radius:8px;font-size:13px}
article{overflow-wrap:anywhere}article h3{font-weight:500}article dl{margin:6px 0 18px;padding:10px 14px}article:target{outline:2px solid ${css('blue')};outline-offset:6px;border-radius:4px}
dialog{max-width:min(640px,92vw);max-height:80vh;overflow:auto;background:${css('background')};color:${css('text')};border:1px solid ${css('line')};border-radius:10px;padding:14px 18px}dialog::backdrop{background:#0008}dialog form{text-align:right}
dialog button{font:inherit;padding:4px 12px;border:1px solid ${css('line')};border-radius:6px;background:${css('surface')};color:${css('text')}}
@media(max-width:600px){body{padding:16px 14px 48px}dl{grid-template-columns:1fr;gap:0;padding:12px 14px}dd{margin-bottom:8px}}
@media print{nav,.filter{display:none}}`;
