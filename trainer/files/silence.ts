/** A look that took longer (a disk that stalled, a suspended machine) counts as so much of watching: what is watched may have stood still too. */
const longestLookMs = 2_000;

/** How long something has given no sign of itself, by the monotonic clock of who watches: what any other clock says doesn't count. */
export class Silence {
  /** Without a sign while it was watched, milliseconds. */
  ms = 0;
  /** It gave a sign while it was watched; that it did before the first look doesn't count. */
  isSure = false;
  #version: string | undefined;
  #lookedAt = 0;

  /** `version` changes with each sign. */
  look(version: string): void {
    const now = performance.now();
    if (this.#version === version) this.ms += Math.min(now - this.#lookedAt, longestLookMs);
    else {
      this.isSure = this.#version !== undefined;
      this.ms = 0;
    }
    this.#version = version;
    this.#lookedAt = now;
  }
}
