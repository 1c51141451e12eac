import type { Outgoing } from '../../src/channel/channel.ts';
import { OutsideError } from '../../src/errors.ts';
import type { Address } from '../../src/message.ts';
import { pack, type Packed, type Part } from './bubbles.ts';
import { budgetSpent, explained, isClosed, isUnreachable } from './codes.ts';
import { word, type Desk } from './desk.ts';
import { Progress } from './progress.ts';
import { piecesOf, type Bubble, type Style } from './render.ts';

/** One reply with what of it has been sent. */
interface Item extends Part {
  readonly outgoing: Outgoing;
  readonly done: Set<string>;
  settled: boolean;
}

/** Whether the replies behind these may go now. */
type Next = 'go' | 'wait';

/**
 * Sends the replies of one conversation: each message's first text inside its own request where that
 * is still open, the rest by call.
 */
export class Delivery {
  readonly #desk: Desk;
  readonly #progress: Progress;

  constructor(desk: Desk) {
    this.#desk = desk;
    this.#progress = new Progress(desk.context.state, desk.account.name);
  }

  async deliverAll(replies: readonly Outgoing[], to: Address): Promise<void> {
    for (let i = 0; i < replies.length;) {
      const inbound = replies[i]?.line.inbound ?? '';
      const end = replies.findIndex((r, k) => k > i && r.line.inbound !== inbound);
      const group = replies.slice(i, end === -1 ? undefined : end);
      if ((await this.#group(inbound, group, to.user)) === 'wait') {
        // What is not ended goes back to the queue.
        for (const { idempotencyKey } of group) await this.#progress.keep(idempotencyKey);
        return;
      }
      i += group.length;
    }
  }

  /** The replies to one message. */
  async #group(inbound: string, replies: readonly Outgoing[], user: string): Promise<Next> {
    const { windows, sender, budgets } = this.#desk;
    const items: Item[] = [];
    for (const outgoing of replies) {
      const { reply } = outgoing.line;
      if (reply.event !== undefined) await this.#event(inbound, outgoing);
      else {
        const inParts = piecesOf(reply, this.#style(), new Set()).length > 1;
        const done = await this.#progress.of(outgoing.idempotencyKey, inParts);
        items.push({ outgoing, reply, done, settled: false });
      }
    }
    await this.#settleSent(items, undefined);
    if (open(items).length === 0) return 'go';
    if (!sender.abilities.active) return this.#inside(inbound, items, user);
    const isOpen = windows.isOpen(inbound);
    const [first] = this.#affordable(open(items), await budgets.left(user), isOpen);
    // The request is ended before a call is made: asked again, WeChat could get both answers.
    if (first?.bubble.kind === 'text') {
      if (isOpen) await this.#answer(inbound, first);
      windows.close(inbound);
      if (open(items).length === 0) return 'go';
    } else if (first?.bubble.kind !== 'menu' || sender.abilities.menu === true) {
      windows.close(inbound);
    }
    const next = await this.#byCall(inbound, items, user);
    windows.close(inbound);
    return next;
  }

  /** Events are for machines: customers do not see them. */
  async #event(inbound: string, outgoing: Outgoing): Promise<void> {
    const { windows, account } = this.#desk;
    const handsOff = outgoing.line.reply.event?.name === 'handoff.initiate';
    if (handsOff && account.transferToKf && windows.isOpen(inbound)) {
      const moved = await windows.offer(inbound, { kind: 'transfer' });
      if (moved) return outgoing.sent('transfer');
    }
    await outgoing.sent();
  }

  async #answer(inbound: string, first: Packed<Item>): Promise<boolean> {
    const { bubble } = first;
    if (bubble.kind !== 'text') return false;
    const left = await this.#desk.windows.offer(inbound, { kind: 'text', text: bubble.text });
    if (left) {
      this.#desk.stats.passive += 1;
      await this.#sent(first, 'passive');
    }
    return left;
  }

  async #byCall(inbound: string, items: readonly Item[], user: string): Promise<Next> {
    const { budgets, sender, windows, stats } = this.#desk;
    const packed = this.#affordable(open(items), await budgets.left(user), false);
    for (const each of packed) {
      if (each.covers.every(({ part }) => part.settled)) continue;
      if (!(await budgets.take(user))) return this.#standIn(items, user, budgetSpent());
      try {
        await sender.send(user, each.bubble);
        stats.active += 1;
      } catch (error) {
        if (!(error instanceof OutsideError)) throw error;
        if (!error.unknownOutcome) await budgets.refund(user);
        if (!sender.abilities.active) return this.#inside(inbound, items, user);
        if (each.bubble.kind === 'menu' && sender.abilities.menu === false) {
          return this.#withLinks(inbound, items, user);
        }
        if (isClosed(error)) return this.#standIn(items, user, explained(error));
        const lost = isUnreachable(error) ? open(items) : each.covers.map((c) => c.part);
        await this.#fail(lost, explained(error));
        if (error.retryable || error.unknownOutcome) return 'wait';
        continue;
      }
      // The answer to the request: only now is it sure that this does not come as links.
      windows.close(inbound);
      await this.#sent(each, undefined);
    }
    return 'go';
  }

  /** A native menu was refused: its choices go as links, inside the request where it is still open. */
  async #withLinks(inbound: string, items: readonly Item[], user: string): Promise<Next> {
    const [first] = pack(open(items), this.#style());
    if (first !== undefined && this.#desk.windows.isOpen(inbound)) {
      await this.#answer(inbound, first);
    }
    return this.#byCall(inbound, items, user);
  }

  /** For accounts that may not call: everything as text, inside this request or the next one. */
  async #inside(inbound: string, items: readonly Item[], user: string): Promise<Next> {
    const { windows, parked, stats } = this.#desk;
    const style = { ...this.#style(), cards: 'text', images: 'text' } as const;
    const links = style.choices === 'menu' ? ({ ...style, choices: 'links' } as const) : style;
    const text = pack(open(items), links, Infinity)
      .map(({ bubble }) => textOf(bubble))
      .join('\n\n');
    if (windows.isOpen(inbound)) {
      const said = await parked.pay(user, text, (page) =>
        windows.offer(inbound, { kind: 'text', text: page }),
      );
      if (said === true) {
        stats.passive += 1;
        await this.#settle(open(items), 'passive');
        return 'go';
      }
    }
    if (await parked.add(user, text)) await this.#settle(open(items), 'parked');
    else await this.#fail(open(items), tooMuchWaits());
    return 'go';
  }

  /** What may not be sent goes as a template where one is configured; else it is for an operator to see. */
  async #standIn(items: readonly Item[], user: string, why: OutsideError): Promise<Next> {
    const { account, sender, context } = this.#desk;
    const rest = open(items);
    const text = rest.map(({ reply }) => reply.text).find((t) => t.trim() !== '');
    if (account.template !== undefined && text !== undefined) {
      try {
        const id = await sender.template(user, account.template, text);
        await this.#settle(rest, `template:${id}`);
        return 'go';
      } catch (error) {
        if (!(error instanceof OutsideError)) throw error;
        context.logger.warn({ err: error }, 'the template was not sent either');
        if (error.unknownOutcome) {
          await this.#fail(rest, error);
          return 'go';
        }
      }
    }
    await this.#fail(rest, why);
    return 'go';
  }

  /**
   * The bubbles, in the richest style in which the budget holds for all of them.
   * @param free the first one costs nothing where it is a text
   */
  #affordable(items: readonly Item[], budget: number, free: boolean): readonly Packed<Item>[] {
    const rich = this.#style();
    const links: Style = rich.choices === 'menu' ? { ...rich, choices: 'links' } : rich;
    const styles: Style[] = [
      rich,
      links,
      { ...links, cards: 'text' },
      { ...links, cards: 'text', images: 'text' },
    ];
    let packed: Packed<Item>[] = [];
    for (const style of styles) {
      packed = pack(items, style);
      const gift = free && packed[0]?.bubble.kind === 'text' ? 1 : 0;
      if (packed.length - gift <= budget) break;
    }
    return packed;
  }

  #style(): Style {
    const { account, sender } = this.#desk;
    const choices =
      account.choices === 'menu' && sender.abilities.menu === false ? 'links' : account.choices;
    return {
      choices,
      cards: 'news',
      images: 'image',
      choose: word(this.#desk, 'wechat.choose'),
      address: (url) => absolute(url, this.#desk.context.publicUrl),
    };
  }

  async #sent({ covers }: Packed<Item>, id: string | undefined): Promise<void> {
    for (const { part, keys } of covers) {
      for (const key of keys) part.done.add(key);
      this.#progress.remember(part.outgoing.idempotencyKey, part.done);
    }
    await this.#settleSent(
      covers.map((c) => c.part),
      id,
    );
  }

  async #settleSent(items: readonly Item[], id: string | undefined): Promise<void> {
    for (const item of items) {
      const whole = piecesOf(item.reply, this.#style(), item.done).length === 0;
      if (!item.settled && whole) await this.#settle([item], id);
    }
  }

  async #settle(items: readonly Item[], id: string | undefined): Promise<void> {
    for (const item of items) {
      item.settled = true;
      await item.outgoing.sent(id);
      await this.#progress.forget(item.outgoing.idempotencyKey);
    }
  }

  async #fail(items: readonly Item[], error: OutsideError): Promise<void> {
    for (const item of items) {
      if (item.settled) continue;
      item.settled = true;
      this.#desk.stats.failed += 1;
      const { idempotencyKey } = item.outgoing;
      if (error.retryable) await this.#progress.keep(idempotencyKey);
      await item.outgoing.failed(error);
      if (!error.retryable) await this.#progress.forget(idempotencyKey);
    }
  }
}

function open(items: readonly Item[]): Item[] {
  return items.filter((item) => !item.settled);
}

function textOf(bubble: Bubble): string {
  return bubble.kind === 'text' ? bubble.text : '';
}

/** Address of something that we serve, or that is elsewhere. */
export function absolute(url: string, publicUrl: string | undefined): string | undefined {
  if (url.startsWith('/') && !url.startsWith('//')) {
    return publicUrl === undefined ? undefined : publicUrl + url;
  }
  return /^https?:\/\//.test(url) && URL.canParse(url) ? url : undefined;
}

function tooMuchWaits(): OutsideError {
  return new OutsideError(
    'wechat-waiting',
    'the account may answer inside callbacks only (48001), and too much waits for the customer’s next message',
    { retryable: false },
  );
}
