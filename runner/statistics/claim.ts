/** A sentence with its receipt: whoever reads it can have it computed again, and a report can be verified. */
export interface Claim {
  /** Stable: the same comparison has the same id whatever comes out: `effects/optimizer/sgd:adamw`, labels in the order of the grid. Its first part is the source. */
  id: string;
  /** What is claimed: `pairedEffect`, `interaction`, `failures`, `compare`, … */
  kind: string;
  /** The sentence. */
  text: string;
  /** `holds`: it is told apart from chance at 5% after the adjustment; else nothing is claimed but that it isn't. */
  verdict: 'holds' | 'undecided';
  /** In the objective's own unit, positive where the first of the id's labels is better; null: there is no number. */
  estimate: number | null;
  /** 95%. */
  interval: readonly [number, number] | null;
  /** Two-sided. */
  p: number | null;
  /** Holm over the claims of its page that answer one question (other seeds, other images). */
  adjustedP: number | null;
  /** What the estimate rests on: so many pairs, seeds, images. */
  n: number;
  /** Of `n`: `pairs`. */
  unit: string;
  /** All cells whose rows went into it. */
  cells: readonly string[];
  /** Prints it again. */
  command: string;
  /** What an undecided one would cost; left out: it holds, or seeds wouldn't decide it. */
  price?: Price;
}

/** What it takes to tell a difference of the size that was seen, with 80% power at the level of its page. */
export interface Price {
  /** More of each setting. */
  seeds: number;
  /** New cells in all, and their training time one after the other, by measured epochs; null: none was measured. */
  runs: number;
  seconds: number | null;
}
