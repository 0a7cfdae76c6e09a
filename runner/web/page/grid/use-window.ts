import { elementScroll, observeElementOffset, observeElementRect, Virtualizer } from '@tanstack/virtual-core';
import { useEffect, useMemo, useReducer, useRef } from 'preact/hooks';

const overscan = 8;

/** Which of many rows of one height are seen in a container that scrolls. `onFirst` is told of the first one. */
export function useWindow(count: number, height: number, onFirst: (index: number) => void) {
  const container = useRef<HTMLDivElement>(null);
  const [, redraw] = useReducer((number: number) => number + 1, 0);
  const options = {
    count,
    getScrollElement: () => container.current,
    estimateSize: () => height,
    scrollToFn: elementScroll,
    observeElementRect,
    observeElementOffset,
    overscan,
    onChange: (instance: Virtualizer<HTMLDivElement, HTMLDivElement>) => {
      onFirst(instance.range?.startIndex ?? 0);
      redraw(0);
    },
  };
  const virtualizer = useMemo(() => new Virtualizer<HTMLDivElement, HTMLDivElement>(options), []);
  virtualizer.setOptions(options);
  useEffect(() => virtualizer._didMount(), [virtualizer]);
  useEffect(() => {
    virtualizer._willUpdate();
  });
  return { container, items: virtualizer.getVirtualItems(), total: virtualizer.getTotalSize() };
}
