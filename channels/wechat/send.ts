import type { ChannelContext, ChannelState, JsonObject } from '../../src/channel/channel.ts';
import { menuId } from '../../src/channel/menu.ts';
import type { Api } from '../../src/channel/tencent/api.ts';
import type { Template } from './account.ts';
import { CODE, hasCode } from './codes.ts';
import type { MediaDesk } from './media.ts';
import type { Bubble } from './render.ts';

/** What WeChat lets this account do, as its answers have shown. */
export interface Abilities {
  /** Native menus: verified service accounts only. `undefined` until the first try. */
  menu: boolean | undefined;
  /** Replies by call at all. `false`: only inside WeChat's own requests. */
  active: boolean;
}

/** Sends to customers by call (https://developers.weixin.qq.com/doc/service/api/customer/message/api_sendcustommessage.html). */
export interface Sender {
  readonly abilities: Readonly<Abilities>;
  /**
   * One bubble. A refusal that shows what the account is not able to is remembered for a day.
   * @throws ApiError, OutsideError; nothing was shown unless the outcome is unknown
   */
  send(openId: string, bubble: Bubble): Promise<void>;
  /** Shows "typing…" for some seconds. Never throws. */
  typing(openId: string): Promise<void>;
  /** A template with the beginning of a text. @returns WeChat's id of it @throws as {@link Sender.send} */
  template(openId: string, template: Template, text: string): Promise<string>;
}

const SEND = '/cgi-bin/message/custom/send';
/** An account may have been verified since: what it was not able to is tried again after a day. */
const REMEMBERED_MS = 24 * 3600 * 1000;
/** Longest value that every kind of template field takes. */
const TEMPLATE_CHARS = 20;

export async function createSender(parts: {
  readonly api: Api;
  readonly media: MediaDesk;
  readonly state: ChannelState;
  readonly account: string;
  readonly now: () => number;
  readonly logger: ChannelContext['logger'];
  /** Absolute address of a picture. */
  readonly address: (url: string) => string | undefined;
}): Promise<Sender> {
  const { api, media, state, now, logger } = parts;
  const key = `abilities:${parts.account}`;
  const refused = datesOf(await state.get(key));
  let menuSeen = false;

  async function remember(what: 'menu' | 'active'): Promise<void> {
    refused[what] = now() + REMEMBERED_MS;
    logger.warn({ what }, 'WeChat does not let this account do this: it goes on without');
    await state.set(key, { ...refused });
  }

  async function post(openId: string, message: JsonObject): Promise<void> {
    await api.post(SEND, { touser: openId, ...message });
  }

  async function sendImage(openId: string, bubble: Bubble & { kind: 'image' }): Promise<void> {
    const address = parts.address(bubble.image.url);
    const uploaded = address === undefined ? undefined : await media.upload(address);
    if (address === undefined || uploaded === undefined) {
      return post(openId, text(bubble.instead));
    }
    try {
      await post(openId, { msgtype: 'image', image: { media_id: uploaded } });
    } catch (error) {
      if (!hasCode(error, CODE.badMedia)) throw error;
      await media.forget(address);
      const again = await media.upload(address);
      await post(
        openId,
        again === undefined
          ? text(bubble.instead)
          : { msgtype: 'image', image: { media_id: again } },
      );
    }
  }

  return {
    abilities: {
      get menu() {
        if (refused.menu > now()) return false;
        return menuSeen ? true : undefined;
      },
      get active() {
        return refused.active <= now();
      },
    },
    send: async (openId, bubble) => {
      try {
        if (bubble.kind === 'image') await sendImage(openId, bubble);
        else await post(openId, messageOf(bubble));
        if (bubble.kind === 'menu') menuSeen = true;
      } catch (error) {
        const isMenu = bubble.kind === 'menu';
        const denied = hasCode(error, CODE.noPermission);
        if (isMenu && (denied || hasCode(error, CODE.badAccountType))) await remember('menu');
        else if (denied) await remember('active');
        throw error;
      }
    },
    typing: async (openId) => {
      try {
        await api.post(
          '/cgi-bin/message/custom/typing',
          { touser: openId, command: 'Typing' },
          { timeoutMs: 3000 },
        );
      } catch (error) {
        logger.debug({ err: error }, 'typing was not shown');
      }
    },
    template: async (openId, template, words) => {
      const characters = Array.from(words.replaceAll(/\s+/g, ' ').trim());
      const value =
        characters.length <= TEMPLATE_CHARS
          ? characters.join('')
          : `${characters.slice(0, TEMPLATE_CHARS - 1).join('')}…`;
      const { msgid } = await api.post('/cgi-bin/message/template/send', {
        touser: openId,
        template_id: template.id,
        data: { [template.field]: { value } },
      });
      return typeof msgid === 'string' || typeof msgid === 'number' ? String(msgid) : 'sent';
    },
  };
}

function text(content: string): JsonObject {
  return { msgtype: 'text', text: { content } };
}

function messageOf(bubble: Exclude<Bubble, { kind: 'image' }>): JsonObject {
  if (bubble.kind === 'text') return text(bubble.text);
  if (bubble.kind === 'menu') {
    const list = bubble.choices.map((c) => ({ id: menuId(c.value), content: c.title }));
    return {
      msgtype: 'msgmenu',
      msgmenu: { head_content: bubble.head, list, tail_content: '' },
    };
  }
  const { title, text: description = '', url, image: picurl = '' } = bubble.card;
  return { msgtype: 'news', news: { articles: [{ title, description, url, picurl }] } };
}

function datesOf(value: unknown): { menu: number; active: number } {
  const kept = (value ?? {}) as { menu?: unknown; active?: unknown };
  return { menu: Number(kept.menu ?? 0), active: Number(kept.active ?? 0) };
}
