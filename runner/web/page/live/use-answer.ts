import { useEffect, useRef, useState } from 'preact/hooks';
import type { Numbered } from '../../wire.js';
import { getUnlessKnown } from './api.js';
import { newest, onChanges } from './changes.js';

export interface Shown<T> {
  /** The last answer, also while another is on its way. */
  data: T | undefined;
  problem: string | undefined;
  /** Asks anew. */
  again(): void;
}

interface Options {
  /** Changes of other cells don't matter. */
  cells?: readonly string[];
  /** Also without a change: what a runner that was killed no longer says. */
  everyMs?: number;
}

const leastMs = 300;

/** What a path answers, kept up to date: asked for again after each change that it doesn't have yet, one question at a time. */
export function useAnswer<T extends Numbered>(
  path: string | null,
  { cells, everyMs }: Options = {},
): Shown<T> {
  const [shown, setShown] = useState<{ data: T | undefined; problem: string | undefined }>({
    data: undefined,
    problem: undefined,
  });
  const askAgain = useRef(() => {});
  const wanted = cells?.join(',');

  useEffect(() => {
    if (path === null) return;
    const control = new AbortController();
    let isAsking = false;
    let isStale = false;
    let at = -1;
    let tag: string | null = null;
    let timer: ReturnType<typeof setTimeout> | undefined;

    const ask = async () => {
      clearTimeout(timer);
      if (isAsking) {
        isStale = true;
        return;
      }
      isAsking = true;
      isStale = false;
      const begin = performance.now();
      try {
        const answer = await getUnlessKnown<T>(path, tag, control.signal);
        if (control.signal.aborted) return;
        tag = answer.tag;
        if (answer.data !== undefined) at = answer.data.at;
        setShown(before => ({ data: answer.data ?? before.data, problem: undefined }));
      } catch (error) {
        if (control.signal.aborted) return;
        setShown(before => ({ ...before, problem: (error as Error).message }));
        isStale = true;
      } finally {
        isAsking = false;
      }
      const took = performance.now() - begin;
      // The server keeps what takes its time for a while: an answer may be older than a change that was told.
      if (!control.signal.aborted && (isStale || at < newest))
        timer = setTimeout(() => void ask(), Math.max(leastMs, 2 * took, isStale && at < 0 ? 2000 : 0));
    };
    const own = wanted?.split(',');
    const forget = onChanges(({ isWhole, cells: changed }) => {
      const matters =
        own === undefined || !isWhole || changed === null || changed.some(cell => own.includes(cell));
      if (!matters) {
        at = Math.max(at, newest);
        return;
      }
      if (timer !== undefined) clearTimeout(timer);
      timer = setTimeout(() => void ask(), leastMs);
    });
    const interval = everyMs === undefined ? undefined : setInterval(() => void ask(), everyMs);
    askAgain.current = () => void ask();
    void ask();
    return () => {
      control.abort();
      forget();
      clearTimeout(timer);
      clearInterval(interval);
    };
  }, [path, wanted, everyMs]);

  return { ...shown, again: () => askAgain.current() };
}
