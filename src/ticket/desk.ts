import type { Address, Lang } from '../message.ts';
import type { JsonObject, Ticket, Tickets, TicketState, TicketWrite } from '../store/store.ts';
import { addToTicket, openTicket } from './ticket.ts';

/** Words that tickets need. */
export interface TicketWords {
  subject(kind: string, fields: JsonObject): string;
  state(state: TicketState): string;
}

/** A ticket to open, as dialogs and the hand-off ask for it. */
export interface TicketRequest {
  readonly kind: string;
  readonly subject?: string;
  readonly priority?: Ticket['priority'];
  readonly fields?: Readonly<Record<string, string | number | boolean | null | undefined>>;
}

/** How many of a customer's tickets are listed. */
const MINE = 20;

/**
 * One turn's view of one customer's tickets. Writes are collected in {@link writes} and go into the
 * turn's commit; reads see them at once. Nobody else's ticket can be seen or touched.
 */
export class TurnTickets {
  readonly writes: TicketWrite[] = [];
  readonly #changed = new Map<string, Ticket>();
  readonly #store: Tickets;
  readonly #who: { address: Address; lang: Lang; now: number };
  readonly #words: TicketWords;

  constructor(
    store: Tickets,
    who: { address: Address; lang: Lang; now: number },
    words: TicketWords,
  ) {
    this.#store = store;
    this.#who = who;
    this.#words = words;
  }

  async open(request: TicketRequest) {
    const fields = Object.fromEntries(
      Object.entries(request.fields ?? {}).map(([k, v]) => [k, v ?? null]),
    );
    const { ticket, write } = openTicket({
      ...this.#who,
      number: await this.#store.nextNumber(),
      kind: request.kind,
      subject: request.subject ?? this.#words.subject(request.kind, fields),
      ...(request.priority === undefined ? {} : { priority: request.priority }),
      fields,
    });
    this.writes.push(write);
    this.#changed.set(ticket.number, ticket);
    return this.#view(ticket);
  }

  async find(number: string) {
    const ticket = await this.#own(number);
    return ticket === undefined ? undefined : this.#view(ticket);
  }

  async mine() {
    const stored = await this.#store.ofCustomer(this.#who.address, MINE);
    const numbers = new Set(stored.map((t) => t.number));
    const opened = [...this.#changed.values()].filter((t) => !numbers.has(t.number)).reverse();
    return [...opened, ...stored].map((t) => this.#view(this.#changed.get(t.number) ?? t));
  }

  async add(number: string, text: string): Promise<boolean> {
    const ticket = await this.#own(number);
    const write = ticket === undefined ? undefined : addToTicket(ticket, text, this.#who.now);
    if (ticket === undefined || write?.kind !== 'change') return false;
    this.writes.push(write);
    this.#changed.set(number, { ...ticket, state: write.state, updatedAt: this.#who.now });
    return true;
  }

  async #own(number: string): Promise<Ticket | undefined> {
    const ticket = this.#changed.get(number) ?? (await this.#store.find(number));
    if (ticket === undefined) return undefined;
    const { channel, account, user } = ticket.address;
    const me = this.#who.address;
    return channel === me.channel && account === me.account && user === me.user
      ? ticket
      : undefined;
  }

  #view(ticket: Ticket) {
    return {
      number: ticket.number,
      kind: ticket.kind,
      subject: ticket.subject,
      state: ticket.state,
      stateText: this.#words.state(ticket.state),
      openedAt: ticket.openedAt,
    };
  }
}
