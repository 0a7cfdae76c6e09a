/** Bounds that many parameters share. */
export const positive = { exclusiveMinimum: 0 };
export const share = { minimum: 0, maximum: 1 };
export const belowOne = { minimum: 0, exclusiveMaximum: 1 };
