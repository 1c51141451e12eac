import { createHash } from 'node:crypto';
import { ApiError, type ApiAnswer } from '../../src/channel/tencent/api.ts';
import { messageOf, OutsideError } from '../../src/errors.ts';
import type { Attachment, Card } from '../../src/message.ts';
import type { Kf } from './kf.ts';
import { forgetUpload, publicAddress, upload, uploadType } from './media.ts';
import { isRepeated } from './reasons.ts';
import { cardText, linkBody, menuBody, textBody, type Density, type Form } from './render.ts';
import { partsOf } from './sessions.ts';

const SEND_MS = 5000;
const TRIES = 3;
const WAIT_MS = 300;
const BAD_MEDIA = 40007;

/** Calls that send. All of them may be repeated with the same `msgid`. */
export interface Sender {
  /** @returns WeCom's id of the message. @throws OutsideError, never with an unknown outcome unless a repetition was refused */
  send(conversation: string, form: Form, messageId: string): Promise<string>;
  /** The one message that a code allows. */
  sendOnEvent(code: string, body: object, messageId: string): Promise<string>;
}

/**
 * The `msgid` of a message (at most 32 characters): the key of the first reply in it, with a suffix
 * for the second message of the same reply, and for each denser form.
 */
export function messageIdOf(key: string, part: number, density: Density): string {
  return part === 0 && density === 0 ? key : `${key.slice(0, 27)}-${density}${part}`.slice(0, 32);
}

/** The `msgid` of a message that answers an event. */
export function eventMessageId(event: string): string {
  return createHash('sha256').update(event).digest('hex').slice(0, 32);
}

/** @param wait waits between tries, in ms */
export function createSender(kf: Kf, wait: (ms: number) => Promise<void>): Sender {
  const addressOf = (url: string): string | undefined => publicAddress(kf, url);

  async function post(path: string, body: object, messageId: string): Promise<string> {
    let doubted = false;
    for (let tries = 1; ; tries += 1) {
      try {
        return idOf(
          await kf.api.post(path, { ...body, msgid: messageId }, { timeoutMs: SEND_MS }),
          messageId,
        );
      } catch (error) {
        if (!(error instanceof OutsideError)) throw error;
        if (error instanceof ApiError) {
          if (isRepeated(error)) return messageId;
          if (!doubted || error.retryable) throw error;
          throw new OutsideError('wecom-unknown', `It may have arrived: ${error.message}`, {
            retryable: false,
            unknownOutcome: true,
          });
        }
        if (!error.unknownOutcome) throw error;
        doubted = true;
        if (tries >= TRIES) throw new OutsideError(error.code, error.message, { retryable: true });
        await wait(WAIT_MS * tries * (0.5 + Math.random()));
      }
    }
  }

  async function bodyOf(form: Form): Promise<object> {
    switch (form.kind) {
      case 'text':
        return textBody(form.text);
      case 'menu':
        return menuBody(form.head, form.items);
      case 'file':
        return fileBody(form.attachment);
      case 'card':
        return cardBody(form.card);
    }
  }

  async function fileBody(attachment: Attachment): Promise<object> {
    const type = uploadType(attachment);
    try {
      return { msgtype: type, [type]: { media_id: await upload(kf, attachment) } };
    } catch (error) {
      mayBeText(error, 'a file of a reply goes out as text');
      const { name, url } = attachment;
      return textBody([name, addressOf(url)].filter(Boolean).join(' '));
    }
  }

  async function cardBody(card: Card): Promise<object> {
    const url = card.url === undefined ? undefined : addressOf(card.url);
    if (card.image !== undefined && url !== undefined) {
      try {
        return linkBody(card, url, await upload(kf, pictureOf(card.image)));
      } catch (error) {
        mayBeText(error, 'a card goes out as text');
      }
    }
    return textBody(cardText(card, addressOf));
  }

  /** @throws the error where another try may help */
  function mayBeText(error: unknown, what: string): void {
    const again = error instanceof OutsideError && (error.retryable || error.unknownOutcome);
    if (again) throw new OutsideError(error.code, error.message, { retryable: true, cause: error });
    kf.context.logger.warn({ account: kf.account.name, error: messageOf(error) }, what);
  }

  return {
    send: async (conversation, form, messageId) => {
      const { kf: open_kfid, user: touser } = partsOf(conversation);
      const send = async (): Promise<string> =>
        post('/cgi-bin/kf/send_msg', { touser, open_kfid, ...(await bodyOf(form)) }, messageId);
      try {
        return await send();
      } catch (error) {
        if (!(error instanceof ApiError) || error.errcode !== BAD_MEDIA) throw error;
        if (form.kind === 'file') await forgetUpload(kf, form.attachment);
        else if (form.kind === 'card' && form.card.image) {
          await forgetUpload(kf, pictureOf(form.card.image));
        } else throw error;
        return send();
      }
    },
    sendOnEvent: async (code, body, messageId) => {
      try {
        return await post('/cgi-bin/kf/send_msg_on_event', { code, ...body }, messageId);
      } catch (error) {
        // The code held a moment ago: it is used up because the message went out.
        if (error instanceof OutsideError && error.code === 'wecom-unknown') return messageId;
        throw error;
      }
    },
  };
}

function pictureOf(url: string): Attachment {
  return { kind: 'image', name: 'image.jpg', contentType: 'image/jpeg', url };
}

function idOf(answer: ApiAnswer, fallback: string): string {
  return typeof answer.msgid === 'string' && answer.msgid !== '' ? answer.msgid : fallback;
}
