/** Least squares over indicator columns, of which most are 0: it never holds the columns themselves. */

export interface Observation {
  /** One a factor. */
  levels: readonly string[];
  value: number;
  weight: number;
}

export interface Gram {
  /** Columns of each term; column 0 is that of ones, the last one holds the values. */
  columns: readonly (readonly number[])[];
  /** Weighted products of the columns; the values are taken from their mean. */
  products: readonly Float64Array[];
  /** Σ w (y − mean)². */
  total: number;
}

/** Products of the columns of all terms: a column for each combination of levels of the term's factors that occurs. */
export function gramOf(observations: readonly Observation[], terms: readonly (readonly number[])[]): Gram {
  const columns: number[][] = terms.map(() => []);
  const columnOf = terms.map(() => new Map<string, number>());
  let count = 1;
  const rows = observations.map(({ levels }) =>
    terms.map((factors, term) => {
      const key = JSON.stringify(factors.map(factor => levels[factor]));
      let column = columnOf[term]!.get(key);
      if (column === undefined) {
        column = count++;
        columnOf[term]!.set(key, column);
        columns[term]!.push(column);
      }
      return column;
    }),
  );
  const weights = observations.reduce((sum, { weight }) => sum + weight, 0);
  const centre = observations.reduce((sum, { weight, value }) => sum + weight * value, 0) / weights;
  const values = count;
  const products = Array.from({ length: count + 1 }, () => new Float64Array(count + 1));
  let total = 0;
  for (const [row, { value, weight }] of observations.entries()) {
    const own = [0, ...rows[row]!];
    const away = value - centre;
    for (const a of own) {
      for (const b of own) products[a]![b]! += weight;
      products[values]![a]! += weight * away;
    }
    total += weight * away * away;
  }
  return { columns, products, total };
}

/** A column of which so little is left beyond those before it is one of them, or a sum of them. */
const nothing = 1e-9;

/**
 * The terms one after another, after the mean: what each adds to the rank of the model and takes from the residual sum of squares.
 * By Cholesky, leaving out columns that add nothing.
 */
export function addedRanks(
  { columns, products }: Gram,
  order: readonly number[],
): { rank: number; squares: number }[] {
  const values = products.length - 1;
  const kept: { column: number; row: number[]; value: number }[] = [];
  const take = (column: number): number | null => {
    const row: number[] = [];
    let left = products[column]![column]!;
    for (const before of kept) {
      let product = products[column]![before.column]!;
      for (let i = 0; i < row.length; i++) product -= row[i]! * before.row[i]!;
      const entry = product / before.row.at(-1)!;
      row.push(entry);
      left -= entry * entry;
    }
    if (left <= nothing * products[column]![column]!) return null;
    const root = Math.sqrt(left);
    let value = products[values]![column]!;
    for (let i = 0; i < row.length; i++) value -= row[i]! * kept[i]!.value;
    row.push(root);
    kept.push({ column, row, value: value / root });
    return (value / root) ** 2;
  };
  take(0);
  return order.map(term => {
    const added = columns[term]!.flatMap(column => take(column) ?? []);
    return { rank: added.length, squares: added.reduce((sum, squares) => sum + squares, 0) };
  });
}
