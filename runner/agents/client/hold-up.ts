/** What holds a run up: said once on this machine while it lasts, and told each time. */
export class HoldUp {
  #isSaid = false;

  constructor(
    private readonly say: (words: string) => void,
    /** Undefined: nothing does any more. */
    private readonly tell: (reason: string | undefined) => void,
  ) {}

  begin(reason: string): void {
    if (!this.#isSaid) this.say(`waits: ${reason}`);
    this.#isSaid = true;
    this.tell(reason);
  }

  end(): void {
    this.tell(undefined);
    if (this.#isSaid) this.say('goes on');
    this.#isSaid = false;
  }
}
