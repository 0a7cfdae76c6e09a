/** Why machines elsewhere can't reach a coordinator by this address; undefined: they may. */
export function loopbackTrouble(server: string): string | undefined {
  const { hostname } = new URL(server);
  return /^(localhost|127\..*|\[::1?\]|0\.0\.0\.0)$/i.test(hostname)
    ? `server: ${server} is this machine for itself: expected its address as the agents reach it, http://HOST:PORT, with listen: 0.0.0.0:PORT`
    : undefined;
}
