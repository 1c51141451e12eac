/** A map that forgets what was not set for longest once it holds more than `most`. */
export class Lru<V> {
  readonly #most: number;
  readonly #map = new Map<string, V>();

  constructor(most: number) {
    this.#most = most;
  }

  get(key: string): V | undefined {
    return this.#map.get(key);
  }

  set(key: string, value: V): void {
    this.#map.delete(key);
    this.#map.set(key, value);
    if (this.#map.size > this.#most) this.#map.delete(this.#map.keys().next().value ?? key);
  }

  delete(key: string): void {
    this.#map.delete(key);
  }
}
