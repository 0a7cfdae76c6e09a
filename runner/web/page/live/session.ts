import { signal } from '@preact/signals';
import type { Session } from '../../wire.js';
import { get, post } from './api.js';

export const session = signal<Session | undefined>(undefined);
/** Why nothing is shown at all: the token is missing. */
export const refusal = signal<string | undefined>(undefined);

/** Whether questions may be asked: not before a token of the address is given. */
export const mayAsk = signal(false);

/** Takes the token out of the address, where it would be copied along, and gives it for a cookie. */
export async function startSession(): Promise<void> {
  const token = /[#&]token=([^&]+)/.exec(location.hash)?.[1];
  if (token !== undefined) {
    history.replaceState(null, '', location.pathname + location.search);
    await enter(token);
    mayAsk.value = true;
    return;
  }
  mayAsk.value = true;
  try {
    session.value = await get<Session>('/api/session');
  } catch (error) {
    refusal.value = (error as Error).message;
  }
}

export async function enter(token: string): Promise<void> {
  try {
    session.value = await post<Session>('/api/session', { token });
    refusal.value = undefined;
  } catch (error) {
    refusal.value = (error as Error).message;
    session.value ??= await get<Session>('/api/session').catch(() => undefined);
  }
}
