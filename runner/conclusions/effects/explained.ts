/** For `grid effects --help`. */
export const effectsExplained = `The seeds of a setting are averaged first; a pair is two values of an axis in one combination of all other axes. Its p is exact: the
signs of the differences are flipped in all ways (over 16 pairs: in 20,000 drawn ones); of an axis with more values whose pairs are
complete it is Tukey's, for all pairs of values at once. "After Holm" is adjusted for all claims of the page. Below six pairs nothing
can come out, and it says so. A pair is a tie within one standard error of the seeds. A pair with a cell that ended without a value
has no difference: it is left out, and counted in words. Interactions are F-tests of type II sums of squares, adjusted among
themselves, and told where they explain more than 2%. Shares are ω²: what chance alone would explain is taken off.

All cells count after equally many epochs: where some ended early (stopped, cancelled) as they were at the most that all have, since a
mean over those that were let go on would flatter their settings. "To tell" is what it takes to tell the difference that was seen
with 80% power: seeds by the pooled noise of the seeds, time by measured epochs.`;
