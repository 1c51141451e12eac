import type { JsonObject } from '../../src/channel/channel.ts';
import type { Accepted } from '../../src/channel/channel.ts';
import type { ApiAnswer } from '../../src/channel/tencent/api.ts';
import { ApiError } from '../../src/channel/tencent/api.ts';
import { messageOf, OutsideError } from '../../src/errors.ts';
import type { Inbound } from '../../src/message.ts';
import { decode, type Item } from './codec.ts';
import { arrive } from './inbounds.ts';
import type { Kf } from './kf.ts';

/** A callback's token may be used for this long, in ms (path/94670). */
const TOKEN_MS = 10 * 60_000;
/** Older than this at the very first pull: nobody waits for an answer any more. */
const STALE_MS = 10 * 60_000;
const PAGE = 500;
/** A page of items may hold long texts. */
const PAGE_BYTES = 8 * 1024 * 1024;
/** Pages of one pull; what is left comes with the next. */
const MAX_PAGES = 200;
const TRIES = 4;
const WAIT_MS = 500;
/** 客服 accounts of one corporation that are remembered; only verified callbacks name any. */
const MAX_KFIDS = 5000;
const BAD_TOKEN = 95007;
/** There is no such 客服 account, or no longer. */
const NO_ACCOUNT = 95000;

/** Pulls messages, one pull at a time for each 客服 account. */
export interface Sync {
  /** Something is there. Returns at once; a pull that runs already looks again when it ends. */
  pull(kfid: string, token?: string): void;
  /** Pulls for every account that is known: a callback may have been lost. Never rejects. */
  pullAll(): Promise<void>;
  /** Begins nothing more and resolves when what is in hand has ended. */
  stop(): Promise<void>;
}

interface Line {
  running?: Promise<void>;
  again: boolean;
  token?: { readonly value: string; readonly until: number };
}

/** How far a pull has come. */
interface Position {
  readonly cursor: string;
  /** Set until the first pull has come to its end: what was sent before is skipped. */
  readonly skipBefore?: number;
}

/**
 * Makes the puller of one account.
 * @param parts.after is told what a page brought once it is stored
 * @param parts.wait waits between tries, in ms
 */
export function createSync(parts: {
  readonly kf: Kf;
  readonly after: (inbounds: readonly Inbound[], accepted: readonly Accepted[]) => void;
  readonly wait: (ms: number) => Promise<void>;
}): Sync {
  const { kf, wait } = parts;
  const { state, clock, logger } = kf.context;
  const account = kf.account.name;
  const lines = new Map<string, Line>();
  const stopping = new AbortController();
  let known: Promise<Set<string>> | undefined;

  function kfids(): Promise<Set<string>> {
    return (known ??= state.get(`kfids:${account}`).then(
      (kept) => new Set(Array.isArray(kept) ? kept.map(String) : []),
      (error: unknown) => {
        known = undefined;
        throw error;
      },
    ));
  }

  async function remember(kfid: string): Promise<void> {
    const ids = await kfids();
    if (ids.has(kfid) || ids.size >= MAX_KFIDS) return;
    ids.add(kfid);
    await state.set(`kfids:${account}`, [...ids]);
  }

  async function forget(kfid: string): Promise<void> {
    const ids = await kfids();
    if (ids.delete(kfid)) await state.set(`kfids:${account}`, [...ids]);
    kf.facts.unknownKf = kfid;
  }

  function start(kfid: string, token?: string): Promise<void> {
    if (stopping.signal.aborted) return Promise.resolve();
    const line = lines.get(kfid) ?? { again: false };
    lines.set(kfid, line);
    if (token !== undefined) line.token = { value: token, until: clock.now() + TOKEN_MS };
    line.again = true;
    line.running ??= run(kfid, line).finally(() => {
      delete line.running;
      // Asked for between the last look and this.
      if (line.again) void start(kfid);
    });
    return line.running;
  }

  async function run(kfid: string, line: Line): Promise<void> {
    while (line.again && !stopping.signal.aborted) {
      line.again = false;
      try {
        await remember(kfid);
        await drain(kfid, line);
        kf.facts.lastPull = clock.now();
        delete kf.facts.pullFault;
      } catch (error) {
        logger.warn({ account, kfid, error }, 'messages could not be pulled');
        if (error instanceof ApiError && error.errcode === NO_ACCOUNT) await forgotten(kfid);
        else kf.facts.pullFault = messageOf(error);
      }
    }
  }

  /** Not pulled again before a callback names it. */
  async function forgotten(kfid: string): Promise<void> {
    try {
      await forget(kfid);
    } catch (error) {
      kf.facts.pullFault = messageOf(error);
    }
  }

  async function drain(kfid: string, line: Line): Promise<void> {
    let position = await positionOf(kfid);
    let empty = 0;
    for (let pages = 0; pages < MAX_PAGES; pages += 1) {
      if (stopping.signal.aborted) return;
      const page = await pullPage(kfid, line, position.cursor);
      const list = Array.isArray(page.msg_list) ? page.msg_list : [];
      const next = typeof page.next_cursor === 'string' ? page.next_cursor : '';
      const more = page.has_more === 1;
      const { skipBefore } = position;
      const cursor = next === '' ? position.cursor : next;
      const before = position;
      position = { cursor, ...(more && skipBefore !== undefined ? { skipBefore } : {}) };
      await store(
        kfid,
        itemsOf(list, skipBefore),
        position,
        list.length > 0 || !same(before, position),
      );
      if (!more) return;
      // WeCom answers "more" with nothing in it while it makes up its mind.
      empty = list.length === 0 ? empty + 1 : 0;
      if (empty > 0) await wait(Math.min(WAIT_MS * 4, 20 * 2 ** empty) * (0.5 + Math.random()));
    }
    line.again = true;
  }

  async function positionOf(kfid: string): Promise<Position> {
    const kept = (await state.get(`cursor:${account}:${kfid}`)) as JsonObject | undefined;
    if (kept === undefined) return { cursor: '', skipBefore: clock.now() - STALE_MS };
    const { cursor, skipBefore } = kept;
    return {
      cursor: typeof cursor === 'string' ? cursor : '',
      ...(typeof skipBefore === 'number' ? { skipBefore } : {}),
    };
  }

  function itemsOf(list: readonly unknown[], skipBefore: number | undefined): Item[] {
    const items: Item[] = [];
    for (const raw of list) {
      const item = decode(raw);
      if (item === undefined) logger.warn({ account }, 'an item without ids was skipped');
      else if (skipBefore === undefined || item.at >= skipBefore) items.push(item);
    }
    return items;
  }

  async function store(
    kfid: string,
    items: readonly Item[],
    position: Position,
    moved: boolean,
  ): Promise<void> {
    if (items.length === 0 && !moved) return;
    const { inbounds, files } = await arrive(kf, items, stopping.signal);
    const key = `cursor:${account}:${kfid}`;
    const value = { ...position };
    let accepted: readonly Accepted[];
    try {
      accepted = await kf.context.acceptAll(inbounds, { key, value });
    } catch (error) {
      await kf.files.drop(files);
      throw error;
    }
    accepted.forEach(({ seq }, i) => {
      const conversation = inbounds[i]?.address.conversation;
      if (conversation !== undefined) kf.saw(conversation, seq);
    });
    parts.after(inbounds, accepted);
  }

  async function pullPage(kfid: string, line: Line, cursor: string): Promise<ApiAnswer> {
    for (let tries = 1; ; tries += 1) {
      const token = line.token && line.token.until > clock.now() ? line.token.value : undefined;
      const body = {
        ...(cursor === '' ? {} : { cursor }),
        ...(token === undefined ? {} : { token }),
        limit: PAGE,
        voice_format: 0,
        open_kfid: kfid,
      };
      try {
        return await kf.api.post('/cgi-bin/kf/sync_msg', body, { maxBytes: PAGE_BYTES });
      } catch (error) {
        const stale = error instanceof ApiError && error.errcode === BAD_TOKEN;
        if (stale && token !== undefined) {
          if (line.token?.value === token) delete line.token;
          continue;
        }
        // Reading does no harm twice.
        const again = error instanceof OutsideError && (error.retryable || error.unknownOutcome);
        if (!again || tries >= TRIES || stopping.signal.aborted) throw error;
        await wait(WAIT_MS * 2 ** tries * (0.5 + Math.random()));
      }
    }
  }

  return {
    pull: (kfid, token) => void start(kfid, token),
    pullAll: async () => {
      try {
        await Promise.all([...(await kfids())].map((kfid) => start(kfid)));
      } catch (error) {
        kf.facts.pullFault = messageOf(error);
        logger.warn({ account, error }, 'the 客服 accounts that are known could not be read');
      }
    },
    stop: async () => {
      stopping.abort();
      await Promise.all([...lines.values()].map(async (line) => line.running));
    },
  };
}

function same(a: Position, b: Position): boolean {
  return a.cursor === b.cursor && a.skipBefore === b.skipBefore;
}
