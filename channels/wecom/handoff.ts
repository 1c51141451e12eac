import type { Outgoing } from '../../src/channel/channel.ts';
import { ApiError } from '../../src/channel/tencent/api.ts';
import { messageOf } from '../../src/errors.ts';
import type { Lang, Reply } from '../../src/message.ts';
import { splitBytes } from '../../src/text/split.ts';
import type { Code, CodeKind } from './codes.ts';
import type { Kf } from './kf.ts';
import { Lru } from '../../src/channel/lru.ts';
import { publicAddress } from './media.ts';
import { never } from './reasons.ts';
import { bubblesOf, menuBody, RATING, textBody } from './render.ts';
import { eventMessageId, type Sender } from './send.ts';

/** Messages that only a code of an event allows. Each resolves `false` where the usual way is left to go. */
export interface Handoff {
  /** As the welcome, where these answer somebody's entering. */
  welcome(conversation: string, replies: readonly Outgoing[]): Promise<boolean>;
  /** Passes the session to WeCom's pool, with these as the notice. */
  begin(conversation: string, replies: readonly Outgoing[]): Promise<boolean>;
  /** The notice, where the session is in the pool already. */
  notice(conversation: string, replies: readonly Outgoing[]): Promise<boolean>;
  /** Takes the customer out of the pool: ends the session with these. */
  withdraw(conversation: string, replies: readonly Outgoing[]): Promise<boolean>;
  /** As the last words of a session that a person ended, with the question how it was. */
  end(conversation: string, replies: readonly Outgoing[]): Promise<boolean>;
}

/** Whether the bot passes the conversation to a person with this reply. */
export function handsOver({ event, key }: Reply): boolean {
  return event?.name === 'handoff.initiate' || key === 'handoff.queued';
}

/** Whether the customer does not want a person any more. */
export function isWithdrawal({ key }: Reply): boolean {
  return key === 'handoff.withdrawn';
}

const MAX_HEAD = 1024;

/** The question how a person's service was, behind other words. */
export function ratingBody(kf: Kf, words: string, lang: Lang): object {
  const question = kf.words('rate', lang);
  const [cut = ''] = splitBytes(words, MAX_HEAD - Buffer.byteLength(question) - 1);
  const items = ['good', 'fair', 'poor'].map((key, i) => ({
    value: `${RATING}${3 - i}`,
    title: kf.words(`rate-${key}`, lang),
  }));
  return menuBody([cut.trim(), question].filter(Boolean).join('\n'), items);
}

/** The language of words; the account's own where there are none. */
export function langOf(kf: Kf, words: string): Lang {
  if (words.trim() === '') return kf.account.lang;
  return /\p{Script=Han}/u.test(words) ? 'zh' : 'en';
}

export function createHandoff(kf: Kf, sender: Sender): Handoff {
  /** Codes of notices that may still have to go out. */
  const queued = new Lru<string>(1000);

  async function byCode(
    conversation: string,
    kind: CodeKind,
    replies: readonly Outgoing[],
    body: object,
    event?: string,
  ): Promise<boolean> {
    const code = await kf.codes.take(conversation, kind, event);
    if (code === undefined) return false;
    return withCode(code, eventMessageId(code.event), body, replies, () =>
      kf.codes.put(conversation, kind, code, kf.context.clock.now()),
    );
  }

  async function withCode(
    { code }: Pick<Code, 'code'>,
    messageId: string,
    body: object,
    replies: readonly Outgoing[],
    putBack: () => Promise<void>,
  ): Promise<boolean> {
    let id: string;
    try {
      id = await sender.sendOnEvent(code, body, messageId);
    } catch (error) {
      if (!(error instanceof ApiError) || error.retryable) {
        await putBack();
        throw error;
      }
      kf.context.logger.warn(
        { account: kf.account.name, error: messageOf(error) },
        'a message on an event was refused',
      );
      return false;
    }
    for (const reply of replies.toReversed()) {
      kf.sent.set(id, reply.line.seq);
      await reply.sent(id);
    }
    return true;
  }

  async function notice(conversation: string, replies: readonly Outgoing[]): Promise<boolean> {
    const code = queued.get(conversation);
    if (code === undefined) return false;
    queued.delete(conversation);
    const words = textOf(replies);
    const text = words === '' ? kf.words('queue') : words;
    const id = replies[0]?.idempotencyKey ?? eventMessageId(code);
    return withCode({ code }, id, textBody(text), replies, () => {
      queued.set(conversation, code);
      return Promise.resolve();
    });
  }

  return {
    notice,
    welcome: async (conversation, replies) => {
      const event = replies[0]?.line.inbound ?? '';
      const said = replies.map((reply) => reply.line.reply);
      const addressOf = (url: string): string | undefined => publicAddress(kf, url);
      const close = bubblesOf(said, 1, addressOf);
      const [only] = close.length === 1 ? close : bubblesOf(said, 2, addressOf);
      if (only === undefined) return false;
      const { form } = only;
      const body =
        form.kind === 'menu'
          ? menuBody(form.head, form.items)
          : textBody(form.kind === 'text' ? form.text : '');
      return byCode(conversation, 'welcome', replies, body, event);
    },
    begin: async (conversation, replies) => {
      try {
        const code = await kf.sessions.move(conversation, 2);
        await kf.sessions.handOver(conversation, true);
        if (code !== undefined) queued.set(conversation, code);
      } catch (error) {
        if (!(error instanceof ApiError) || error.retryable) throw error;
        const what = { account: kf.account.name, error: messageOf(error) };
        kf.context.logger.warn(what, 'a session could not be passed to the pool');
        return false;
      }
      if (await notice(conversation, replies)) return true;
      const none = never('wecom-queued', 'WeCom gave no code for the notice that a person comes');
      for (const reply of replies) {
        await (textOf([reply]) === '' ? reply.sent() : reply.failed(none));
      }
      return true;
    },
    withdraw: async (conversation, replies) => {
      const code = await kf.sessions.move(conversation, 4);
      await kf.sessions.handOver(conversation, false);
      if (code === undefined) return false;
      const id = replies[0]?.idempotencyKey ?? eventMessageId(code);
      const body = textBody(textOf(replies));
      return withCode({ code }, id, body, replies, () => Promise.resolve());
    },
    end: (conversation, replies) => {
      const words = textOf(replies);
      return byCode(conversation, 'end', replies, ratingBody(kf, words, langOf(kf, words)));
    },
  };
}

function textOf(replies: readonly Outgoing[]): string {
  return replies
    .map(({ line }) => line.reply.text)
    .filter((text) => text.trim() !== '')
    .join('\n');
}
