const WINDOW = 3 * 60_000;
const MOST_CRASHES = 4;

/** Says whether a server that ended by itself is worth another start. */
export class CrashPolicy {
  readonly #now: () => number;
  #crashes: number[] = [];

  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  mayRestart(): boolean {
    const now = this.#now();
    this.#crashes = this.#crashes.filter((time) => now - time < WINDOW);
    this.#crashes.push(now);
    return this.#crashes.length <= MOST_CRASHES;
  }
}
