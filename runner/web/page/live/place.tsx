/** What is shown is in the address: it can be kept, sent, and gone back to. */
import { signal } from '@preact/signals';
import type { ComponentChildren } from 'preact';

export const place = signal(new URL(location.href));

window.addEventListener('popstate', () => {
  place.value = new URL(location.href);
});

export function go(to: string, { isReplaced = false } = {}): void {
  history[isReplaced ? 'replaceState' : 'pushState'](null, '', to);
  place.value = new URL(location.href);
}

/** Changes parameters of the address; undefined takes one away. */
export function setParameters(
  changes: Readonly<Record<string, string | readonly string[] | undefined>>,
): void {
  const url = new URL(place.value);
  for (const [key, value] of Object.entries(changes)) {
    url.searchParams.delete(key);
    for (const each of typeof value === 'string' ? [value] : (value ?? []))
      url.searchParams.append(key, each);
  }
  go(url.pathname + url.search, { isReplaced: true });
}

interface LinkProps {
  to: string;
  class?: string;
  title?: string;
  label?: string;
  style?: Record<string, string>;
  children?: ComponentChildren;
}

/** A link within the page; with a key held, or the middle button, the browser's own way. */
export function Link({ to, label, children, ...rest }: LinkProps) {
  return (
    <a
      href={to}
      aria-label={label}
      {...rest}
      onClick={event => {
        if (event.defaultPrevented || event.button !== 0) return;
        if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
        event.preventDefault();
        go(to);
        window.scrollTo(0, 0);
      }}
    >
      {children}
    </a>
  );
}

export const cellPath = (cell: string) => `/cells/${cell}`;
export const gridPath = (grid: string) => `/grids/${encodeURIComponent(grid)}`;
