import type { ChannelState } from '../../src/channel/channel.ts';
import { createKeyQueue } from '../../src/channel/key-queue.ts';
import { splitBytes } from '../../src/text/split.ts';
import { MAX_TEXT_BYTES } from './render.ts';

/** Text that waits for a customer's next message, for accounts that may only answer inside one. */
export interface Parked {
  /** Adds a text behind what waits. @returns `false` where too much waits already; nothing was added */
  add(user: string, text: string): Promise<boolean>;
  /**
   * Gives what waits, with `more` behind it, to `say`, and keeps what did not fit. Where nothing waits
   * and there is no `more`, `say` is not called.
   * @param say resolves `true` once the customer has the text; else all of it waits on
   * @returns what `say` did, `undefined` where it was not called
   */
  pay(
    user: string,
    more: string,
    say: (text: string) => Promise<boolean>,
  ): Promise<boolean | undefined>;
}

/** Largest text that waits for one customer, in bytes. */
const MAX_BYTES = 16 * 1024;

/**
 * @param parts.account name of the account; keys are `parked:<account>:<user>`
 * @param parts.goOn words behind a text that is not all: "(more to come, write anything)"
 */
export function createParked(parts: {
  readonly state: ChannelState;
  readonly account: string;
  readonly goOn: (user: string) => string;
}): Parked {
  const { state } = parts;
  const inLine = createKeyQueue();

  const keyOf = (user: string): string => `parked:${parts.account}:${user}`;

  async function read(user: string): Promise<string> {
    const value = await state.get(keyOf(user));
    return typeof value === 'string' ? value : '';
  }

  async function write(user: string, text: string): Promise<void> {
    if (text === '') await state.delete(keyOf(user));
    else await state.set(keyOf(user), text);
  }

  return {
    add: (user, text) =>
      inLine(user, async () => {
        const all = joined(await read(user), text);
        if (Buffer.byteLength(all) > MAX_BYTES) return false;
        await write(user, all);
        return true;
      }),
    pay: (user, more, say) =>
      inLine(user, async () => {
        const waits = await read(user);
        const { page, rest } = firstPage(joined(waits, more), parts.goOn(user));
        if (page === '') return undefined;
        const said = await say(page);
        if (said && (waits !== '' || rest !== '')) await write(user, rest);
        return said;
      }),
  };
}

/** As much of a text as fits one bubble, with `goOn` behind it where that is not all. */
export function firstPage(all: string, goOn: string): { page: string; rest: string } {
  if (Buffer.byteLength(all) <= MAX_TEXT_BYTES) return { page: all, rest: '' };
  const end = `\n\n${goOn}`;
  const [head = ''] = splitBytes(all, MAX_TEXT_BYTES - Buffer.byteLength(end));
  return { page: `${head.trimEnd()}${end}`, rest: all.slice(head.length).trimStart() };
}

function joined(a: string, b: string): string {
  return a === '' || b === '' ? a + b : `${a}\n\n${b}`;
}
