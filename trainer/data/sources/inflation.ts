/** Deflate makes no more bytes of one (zlib's technical notes): what says more is damaged, or a trap. */
export const mostInflation = 1032;
