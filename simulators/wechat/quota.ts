/** What a customer did, as far as it lets the account send. */
export type Act = 'message' | 'click' | 'follow' | 'scan';

const RULES: Readonly<Record<Act, { readonly sends: number; readonly lastsMs: number }>> = {
  message: { sends: 5, lastsMs: 48 * 3_600_000 },
  click: { sends: 3, lastsMs: 60_000 },
  follow: { sends: 3, lastsMs: 60_000 },
  scan: { sends: 3, lastsMs: 60_000 },
};

/**
 * How many messages the account may send to one customer (`sendCustomMessage`): each act gives its number
 * anew for its time; what ends soonest is used first.
 */
export class Quota {
  readonly #clock: { now(): number };
  readonly #live = new Map<Act, { left: number; until: number }>();

  constructor(clock: { now(): number }) {
    this.#clock = clock;
  }

  grant(act: Act): void {
    const { sends, lastsMs } = RULES[act];
    this.#live.set(act, { left: sends, until: this.#clock.now() + lastsMs });
  }

  /** Nothing may be sent any more, whatever was granted. */
  end(): void {
    this.#live.clear();
  }

  get left(): number {
    return this.#grants().reduce((sum, g) => sum + g.left, 0);
  }

  /** `45015` where no window is open, `45047` where they are all used up. */
  take(): 45015 | 45047 | undefined {
    const grants = this.#grants();
    if (grants.length === 0) return 45015;
    const first = grants.filter((g) => g.left > 0).sort((a, b) => a.until - b.until)[0];
    if (first === undefined) return 45047;
    first.left -= 1;
    return undefined;
  }

  #grants(): { left: number; until: number }[] {
    const now = this.#clock.now();
    return [...this.#live.values()].filter((g) => now < g.until);
  }
}
