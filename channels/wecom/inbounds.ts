import type { Attachment, Content, Inbound } from '../../src/message.ts';
import { begunBy } from '../../src/channel/begun-by.ts';
import { chosen } from '../../src/channel/menu.ts';
import { messageOf } from '../../src/errors.ts';
import { failureOf, type Item, type MediaType, type What } from './codec.ts';
import type { Kf } from './kf.ts';
import { download } from './media.ts';
import { RATING } from './render.ts';
import { afterChange } from './session.ts';

/** Each message of a customer allows 5 of ours in 48 h (https://developer.work.weixin.qq.com/document/path/94677). */
const GRANT = { kind: 'message', sends: 5, lastsMs: 48 * 3_600_000 };
/** Files that are fetched at once, and states that are asked for. */
const AT_ONCE = 4;
/** How long the files of one page may take together, in ms. */
const PAGE_FILES_MS = 30_000;

/** Messages with what became of them, in order. */
export interface Arrived {
  readonly inbounds: readonly Inbound[];
  /** Files that were kept for them. */
  readonly files: readonly Attachment[];
}

/**
 * Turns one page into messages: states are asked for, files kept, budgets granted, codes put by.
 * Doing it again for the same page does no harm.
 * @param signal gives up the files
 */
export async function arrive(
  kf: Kf,
  items: readonly Item[],
  signal: AbortSignal,
): Promise<Arrived> {
  for (const item of items) await note(kf, item);
  const newest = new Map(
    items.filter((i) => i.fromCustomer && i.user !== '').map((i) => [conversationOf(i), i]),
  );
  const wrote = [...newest.keys()];
  for (const [conversation, { id, at }] of newest) {
    const since = kf.traffic.wrote(conversation, id, at);
    await kf.budgets.grant(conversation, { ...GRANT, sends: GRANT.sends - since });
  }
  const withHuman = new Set<string>();
  await each(wrote, async (conversation) => {
    if (await isWithHuman(kf, conversation)) withHuman.add(conversation);
  });
  const files = await filesOf(
    kf,
    items.filter((i) => i.fromCustomer && !withHuman.has(conversationOf(i))),
    signal,
  );
  const inbounds: Inbound[] = [];
  for (const item of items) {
    if (item.user === '') continue;
    const human = item.fromCustomer && withHuman.has(conversationOf(item));
    inbounds.push(...(await inboundsOf(kf, item, human, files.get(item.id))));
  }
  return { inbounds, files: [...files.values()] };
}

/** The files of messages that could be kept, by the id of the message. */
async function filesOf(
  kf: Kf,
  items: readonly Item[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, Attachment>> {
  const files = new Map<string, Attachment>();
  const media = items.filter(({ what }) => what.kind === 'media');
  if (media.length === 0) return files;
  const late = AbortSignal.any([signal, AbortSignal.timeout(PAGE_FILES_MS)]);
  await each(media, async ({ id, what }) => {
    if (what.kind !== 'media') return;
    const file = await download(kf, what.type, what.mediaId, late);
    if (file !== undefined) files.set(id, file);
  });
  return files;
}

/** Id of the conversation that an item belongs to. */
export function conversationOf({ kf, user }: Pick<Item, 'kf' | 'user'>): string {
  return `${kf}:${user}`;
}

/** What an item changes before anything of its page is looked at. */
async function note(kf: Kf, item: Item): Promise<void> {
  const conversation = conversationOf(item);
  const { what } = item;
  const now = kf.context.clock.now();
  if (item.fromCustomer) kf.sessions.wrote(conversation);
  switch (what.kind) {
    case 'session':
      kf.sessions.know(conversation, afterChange(what.change));
      if (what.change === 3 && what.code !== undefined) {
        await kf.codes.put(conversation, 'end', { code: what.code, event: item.id }, item.at);
      }
      return;
    case 'enter':
      if (what.welcomeCode !== undefined) {
        const code = { code: what.welcomeCode, event: item.id };
        await kf.codes.put(conversation, 'welcome', code, item.at);
      }
      return;
    case 'servicer': {
      const { servicers } = kf.facts;
      if (servicers.size < 1000 || servicers.has(what.servicer)) {
        servicers.set(what.servicer, what.on);
      }
      kf.sessions.forget(conversation);
      return;
    }
    case 'lost':
      kf.sessions.forget(conversation);
      kf.context.logger.warn(
        {
          account: kf.account.name,
          message: what.messageId,
          line: kf.sent.get(what.messageId),
          failType: what.failType,
          reason: failureOf(what.failType),
          late: now - item.at,
        },
        'WeCom could not show a message that it had accepted',
      );
      return;
    default:
      return;
  }
}

async function isWithHuman(kf: Kf, conversation: string): Promise<boolean> {
  try {
    return (await kf.sessions.state(conversation)) === 3;
  } catch (error) {
    const what = { account: kf.account.name, error: messageOf(error) };
    kf.context.logger.warn(what, 'the state of a session could not be asked for');
    return false;
  }
}

async function inboundsOf(
  kf: Kf,
  item: Item,
  withHuman: boolean,
  file: Attachment | undefined,
): Promise<readonly Inbound[]> {
  const conversation = conversationOf(item);
  const address = kf.address(conversation, item.user);
  const at = kf.context.clock.now();
  const make = (content: Content, id = item.id): Inbound => ({
    id,
    address,
    content,
    at,
    lang: kf.account.lang,
  });
  if (withHuman) {
    return [make({ kind: 'event', name: 'wecom.with-human', value: valueOf(item.what) })];
  }
  const content = await contentOf(kf, conversation, item, file);
  if (item.what.kind === 'session' && item.what.change === 3) {
    await kf.sessions.handOver(conversation, false);
    return [make({ kind: 'agent', action: 'close', agent: item.what.from, text: '' })];
  }
  const closed = item.fromCustomer && (await endedUnheard(kf, conversation));
  const close: Content = { kind: 'agent', action: 'close', agent: '', text: '' };
  return [...(closed ? [make(close, `${item.id}-close`)] : []), make(content)];
}

/** The customer is the bot's again, but we did not hear that the person has ended. */
async function endedUnheard(kf: Kf, conversation: string): Promise<boolean> {
  if (!(await kf.sessions.handedOver(conversation))) return false;
  const state = await kf.sessions.state(conversation).catch(() => 2 as const);
  if (state === 2 || state === 3) return false;
  await kf.sessions.handOver(conversation, false);
  return true;
}

async function contentOf(
  kf: Kf,
  conversation: string,
  { what, fromCustomer }: Item,
  file: Attachment | undefined,
): Promise<Content> {
  switch (what.kind) {
    case 'text':
      return textOf(kf, conversation, what);
    case 'media':
      return { kind: 'attachment', attachments: file === undefined ? [] : [file], text: '' };
    case 'words':
      return { kind: 'text', text: toldInWords(kf, what) };
    case 'enter': {
      const { account, context } = kf;
      const begun = begunBy(what.scene, account.scenes, (word) =>
        context.wording(word, account.lang),
      );
      return begun ?? { kind: 'event', name: 'join', value: valueOf(what) };
    }
    default: {
      const name = what.kind === 'other' ? what.name : EVENTS[what.kind];
      return {
        kind: 'event',
        name: `wecom.${name}`,
        value: what.kind === 'lost' ? lostValue(kf, what) : { ...valueOf(what), fromCustomer },
      };
    }
  }
}

const EVENTS = {
  agent: 'agent',
  lost: 'send-failed',
  servicer: 'servicer-status',
  session: 'session-status',
} as const;

function toldInWords(kf: Kf, { key, said }: What & { kind: 'words' }): string {
  const label = kf.words(key);
  if (said === '') return label;
  return kf.account.lang === 'zh' ? `${label}：${said}` : `${label}: ${said}`;
}

async function textOf(
  kf: Kf,
  conversation: string,
  { text, menuId }: What & { kind: 'text' },
): Promise<Content> {
  if (menuId === undefined) return { kind: 'text', text };
  if (menuId.startsWith(RATING)) {
    const value = Number(menuId.slice(RATING.length));
    return { kind: 'event', name: 'wecom.rating', value };
  }
  const choice = chosen(await kf.newest(conversation), { id: menuId, text });
  return choice === undefined
    ? { kind: 'text', text }
    : { kind: 'choice', value: choice.value, text: text === '' ? choice.title : text };
}

function lostValue(kf: Kf, what: What & { kind: 'lost' }): Readonly<Record<string, unknown>> {
  const line = kf.sent.get(what.messageId);
  return {
    message: what.messageId,
    ...(line === undefined ? {} : { line }),
    failType: what.failType,
    reason: failureOf(what.failType),
  };
}

/** What is kept in the log of something that runs no dialog; codes are not. */
function valueOf(what: What): Readonly<Record<string, unknown>> {
  switch (what.kind) {
    case 'text':
      return { type: 'text', text: what.text };
    case 'media':
      return { type: what.type satisfies MediaType };
    case 'words':
      return { type: what.key, said: what.said };
    case 'agent':
      return { agent: what.agent, type: what.type, text: what.text };
    case 'enter':
      return {
        scene: what.scene,
        scene_param: what.param,
        ...(what.welcomeCode === undefined ? {} : { welcome_code: what.welcomeCode }),
      };
    case 'servicer':
      return { servicer: what.servicer, on: what.on };
    case 'session':
      return { change: what.change, from: what.from, to: what.to };
    default:
      return {};
  }
}

async function each<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const queue = [...items];
  const lanes = Array.from({ length: Math.min(AT_ONCE, queue.length) }, async () => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) await work(next);
  });
  await Promise.all(lanes);
}
