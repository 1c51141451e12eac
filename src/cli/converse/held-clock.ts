/** A clock that stands still until it is moved. */
export class HeldClock {
  #now: number;

  constructor(now: number) {
    this.#now = now;
  }

  now(): number {
    return this.#now;
  }

  set(now: number): void {
    this.#now = now;
  }

  /** Moves it on by so many ms. */
  move(ms: number): void {
    this.#now += ms;
  }
}
