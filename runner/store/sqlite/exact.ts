/** SQL of a number as JSON with every bit of it: SQLite's own JSON functions round to 15 digits. */
export const exact = (value: string): string => `iif(${value} IS NULL, 'null', format('%!.17g', ${value}))`;
