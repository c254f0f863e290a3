/**
 * Runs one piece of work at a time. However many requests come while it runs, it runs once more
 * afterwards, and all of them wait for that run.
 */
export class Coalescer {
  readonly #work: () => Promise<void>;
  #running: Promise<void> | undefined;
  #next: Promise<void> | undefined;

  constructor(work: () => Promise<void>) {
    this.#work = work;
  }

  request(): Promise<void> {
    if (this.#running === undefined) {
      this.#running = this.#work().finally(() => {
        this.#running = undefined;
      });
      return this.#running;
    }
    const again = (): Promise<void> => {
      this.#next = undefined;
      return this.request();
    };
    this.#next ??= this.#running.then(again, again);
    return this.#next;
  }
}
