/** For `grid leaderboard --help`: what noise.ts, budget.ts and rank.ts do. */
export const ranksExplained = `A row's value is the mean of its seeds at their best epochs. Seeds that ended without a value (diverged, failed for good)
count as worse than any value: rows rank by the share of such seeds first, then by the mean of the others, shown in
parentheses. Seeds that aren't done yet, or whose slot was lost, don't count. The column "rests on" says all of that, and fewer
epochs than asked for, a NaN after the best epoch, and stale results, as the last \`grid plan\` or \`grid run\` found.

The rank is an interval: 1-5 means that no row is told to be better and all but the first five are told to be worse. Rows are
told apart by comparing all pairs at once (Tukey and Kramer), so that with 95% confidence nothing that the ranks of a
leaderboard say is wrong. Rows marked + may be the best: if several are equally good, all of them are among these. By what:
  a row with 2 seeds or more  the spread of seeds, pooled over all rows where rows differ alike; else each row's own,
                              drawn towards the common one by how alike they are (Smyth 2004)
  one seed everywhere         accuracies: the binomial error of so many validation images; it knows nothing of what another
                              seed would change. Others: nothing can be told apart
Rows with another share of seeds without a value never share a rank.

The best of many rows was also lucky. Below the table is what it would come to again: its value drawn towards the mean of
all rows by how much of the differences is noise (James and Stein).

Rows whose cells were trained for other numbers of epochs, by the grid or since they were stopped, are never in one ranking: each
number has its own block, and ranks count within it.`;
