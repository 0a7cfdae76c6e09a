/** Adds up what is done: the returned function is told how much more, `onProgress` how much in all. */
export function counting(
  total: number,
  onProgress: (done: number, total: number) => void,
): (more: number) => void {
  let done = 0;
  return more => {
    done += more;
    onProgress(done, total);
  };
}
