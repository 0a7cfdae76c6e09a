/** A report as data: what its HTML and its Markdown are both made of. All text is plain; who shows it escapes it. */
import type { Claim } from '../../statistics/claim.js';

interface Column {
  name: string;
  isNumber?: boolean;
}

/** A value of a table, with what it is ordered by where that isn't its text. */
export interface Entry {
  text: string;
  order: number | null;
}

export interface Table {
  type: 'table';
  caption: string;
  columns: readonly Column[];
  rows: readonly (readonly (string | Entry)[])[];
  /** Can be filtered and ordered by its reader. */
  isInteractive?: boolean;
}

export interface Picture {
  type: 'picture';
  /** Of its file beside the Markdown, without an ending; unique in the report. */
  name: string;
  caption: string;
  /** For those who can't see it. */
  description: string;
  content: { svg: string } | { png: Uint8Array; width: number; height: number };
}

export type Block =
  | { type: 'text'; text: string }
  | { type: 'heading'; text: string }
  | { type: 'alarm'; text: string }
  /** Sentences, each with its receipt; `advice` is said after its sentence. */
  | { type: 'claims'; claims: readonly { claim: Claim; advice?: string }[] }
  | { type: 'facts'; facts: readonly { name: string; value: string; isAlarming?: boolean }[] }
  | { type: 'code'; text: string }
  | Table
  | Picture;

export interface ReportSection {
  /** Of its anchor. */
  id: string;
  title: string;
  blocks: readonly Block[];
}

export interface Report {
  /** By its name in the results. */
  grid: string;
  title: string;
  subtitle: string;
  sections: readonly ReportSection[];
  /** All that the sections say, in the order of their numbers. */
  claims: readonly Claim[];
  footer: string;
}

export const text = (words: string): Block => ({ type: 'text', text: words });
export const heading = (words: string): Block => ({ type: 'heading', text: words });

/** Ordered by the number behind the text. */
export const number = (value: number | null | undefined, format: (value: number) => string): Entry =>
  value === null || value === undefined || Number.isNaN(value)
    ? { text: '–', order: null }
    : { text: format(value), order: value };
