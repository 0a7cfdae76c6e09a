/**
 * One stream of changes a browser: the tab that has the lock reads it and tells the others. A browser has six connections to a
 * server, and each stream takes one.
 */
import { signal } from '@preact/signals';
import type { ChangesTold } from '../../wire.js';

type Message =
  | { kind: 'changes'; position: string; told: ChangesTold }
  | { kind: 'state'; isLive: boolean }
  | { kind: 'hello' };

const lostMs = 3000;
const lockName = 'gridfarm-changes';

/** Whether what is shown is followed now. */
export const isLive = signal(false);
/** Number of the newest change that was told. */
export let newest = 0;

const listeners = new Set<(told: ChangesTold) => void>();
let position = '';
let stream: EventSource | undefined;
let letGo: (() => void) | undefined;

const channel = new BroadcastChannel('gridfarm');
channel.onmessage = ({ data }: MessageEvent<Message>) => {
  if (data.kind === 'hello') {
    if (stream !== undefined) channel.postMessage({ kind: 'state', isLive: isLive.value } satisfies Message);
  } else if (data.kind === 'state') isLive.value = data.isLive;
  else take(data.position, data.told);
};

/** Calls back at each change; returns what ends that. */
export function onChanges(listener: (told: ChangesTold) => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function take(at: string, told: ChangesTold): void {
  position = at;
  newest = told.isWhole ? Math.max(newest, told.at) : told.at;
  for (const listener of listeners) listener(told);
}

function setLive(value: boolean): void {
  isLive.value = value;
  channel.postMessage({ kind: 'state', isLive: value } satisfies Message);
}

function open(): void {
  const opened = new EventSource(`/api/events?after=${encodeURIComponent(position)}`);
  stream = opened;
  opened.addEventListener('position', event => {
    if (position === '') position = event.lastEventId;
    setLive(true);
  });
  opened.addEventListener('changes', event => {
    const told = JSON.parse(event.data) as ChangesTold;
    take(event.lastEventId, told);
    channel.postMessage({ kind: 'changes', position: event.lastEventId, told } satisfies Message);
  });
  opened.onerror = () => {
    setLive(false);
    // The browser comes again by itself, but not after an answer that is none.
    if (opened.readyState !== EventSource.CLOSED) return;
    setTimeout(() => {
      if (stream !== opened) return;
      open();
    }, lostMs);
  };
}

function close(): void {
  stream?.close();
  stream = undefined;
  letGo?.();
  letGo = undefined;
}

/** Hidden tabs give the stream to one that is looked at; whoever comes back goes on after the last change that it has. */
function follow(): void {
  if (document.hidden) {
    close();
    return;
  }
  // Without a secure context (another machine, no TLS) there are no locks.
  if (navigator.locks === undefined) {
    if (stream === undefined) open();
    return;
  }
  channel.postMessage({ kind: 'hello' } satisfies Message);
  void navigator.locks.request(lockName, () => {
    if (document.hidden || stream !== undefined) return undefined;
    return new Promise<void>(resolve => {
      letGo = resolve;
      open();
    });
  });
}

export function startFollowing(): void {
  document.addEventListener('visibilitychange', follow);
  window.addEventListener('pagehide', close);
  window.addEventListener('pageshow', event => {
    if (event.persisted) follow();
  });
  follow();
}
