import { randomBytes } from 'node:crypto';
import { Defect, messageOf } from '../../src/errors.ts';
import type { ShownBubble } from '../phone-page/index.ts';
import type { Bubble, Gesture, Phone } from '../simulator.ts';
import type { Account } from './account.ts';
import type { LinkItem } from './markup.ts';
import type { Shown } from './message-rules.ts';
import { readPassive } from './passive.ts';
import { Quota, type Act } from './quota.ts';
import type { Element } from './xml.ts';

/** What the customer reads where a push got no proper answer. */
export const OUT_OF_ORDER = '该公众号暂时无法提供服务，请稍后再试';
const SCAN_RESULTS = ['scancode_push', 'scancode_waitmsg'];
/** Menu events that let the account send: `sendCustomMessage` names these alone. */
const CLICKS = ['click', ...SCAN_RESULTS];
/** Events whose failure the customer sees: they ask for an answer. */
const ASKING = [...CLICKS, 'scan', 'subscribe'];
/** The typing state ends by itself. */
const TYPING_MS = 15_000;
/** Before a typing state, the customer must have done something within this. */
const RECENT_MS = 30_000;

/** One follower of the account. From the start, each is one who followed it long ago. */
export class WechatPhone implements Phone {
  readonly user: string;
  readonly screen: ShownBubble[] = [];
  readonly quota: Quota;
  followed = true;
  readonly #account: Account;
  readonly #items: LinkItem[] = [];
  /** Subscription notices that the customer allowed, by template. */
  readonly #allowed = new Map<string, number>();
  #typingSince = -Infinity;
  #lastAct = -Infinity;

  constructor(user: string, account: Account) {
    this.user = user;
    this.#account = account;
    this.quota = new Quota(account.clock);
  }

  /** Whether the phone shows that the other side is typing. */
  get typing(): boolean {
    return this.#account.clock.now() - this.#typingSince < TYPING_MS;
  }

  async do(gesture: Gesture): Promise<boolean> {
    switch (gesture.kind) {
      case 'text':
        return this.#say(gesture.text);
      case 'tap': {
        const item = this.#items.findLast((i) => i.id === gesture.id);
        if (item === undefined) throw new Defect(`nothing on the screen has the id ${gesture.id}`);
        return this.#say(item.says, item.id);
      }
      case 'image':
        return this.#photo(gesture);
      case 'join':
        return this.event('subscribe', gesture.scene);
      case 'event':
        return this.event(gesture.name, gesture.key);
    }
  }

  /** Sends a message of any type: what its document holds behind the common fields. */
  async message(type: string, fields: Element): Promise<boolean> {
    if (!this.followed) throw new Defect(`${this.user} does not follow the account`);
    this.#act('message');
    return this.#push({ MsgType: type, ...fields, MsgId: this.#account.newMsgId() }, true);
  }

  /** Lets an event of this name happen, with what the platform puts into it. */
  event(name: string, key?: string): Promise<boolean> {
    const kind = name.toLowerCase();
    if (kind === 'subscribe') this.followed = true;
    if (kind === 'unsubscribe') {
      this.followed = false;
      this.quota.end();
    }
    if (CLICKS.includes(kind)) this.#act('click');
    else if (kind === 'subscribe') this.#act('follow');
    else if (kind === 'scan') this.#act('scan');
    if (kind === 'subscribe_msg_popup_event' && key !== undefined) {
      this.#allowed.set(key, (this.#allowed.get(key) ?? 0) + 1);
    }
    const fields = { MsgType: 'event', Event: name, ...eventFields(kind, key) };
    return this.#push(fields, ASKING.includes(kind));
  }

  /** Pushes the outcome of something that the account sent; nobody sees whether it is answered. */
  finished(event: string, fields: Element): Promise<boolean> {
    return this.#push({ MsgType: 'event', Event: event, ...fields }, false);
  }

  /** The account sends: `45015` or `45047` where it may not. */
  receive(shown: Shown): 45015 | 45047 | undefined {
    const refused = this.followed ? this.quota.take() : 45015;
    if (refused === undefined) this.show(shown, 'active');
    return refused;
  }

  /** The account says that it is typing. */
  type(): 45080 | 45081 | undefined {
    if (this.#account.clock.now() - this.#lastAct > RECENT_MS) return 45080;
    if (this.typing) return 45081;
    this.#typingSince = this.#account.clock.now();
    return undefined;
  }

  stopTyping(): void {
    this.#typingSince = -Infinity;
  }

  /** Uses up one allowed notice of this template. */
  useAllowed(template: string): boolean {
    const left = this.#allowed.get(template) ?? 0;
    if (left > 0) this.#allowed.set(template, left - 1);
    return left > 0;
  }

  show(shown: Shown, by: Bubble['by']): void {
    this.stopTyping();
    this.#items.push(...shown.items);
    this.screen.push({
      id: this.#account.newBubbleId(),
      at: this.#account.clock.now(),
      kind: shown.kind,
      text: shown.text,
      items: shown.items.map(({ id, title }) => ({ id, title })),
      by,
      ...(shown.picture === undefined ? {} : { picture: shown.picture }),
    });
  }

  #act(act: Act): void {
    this.#lastAct = this.#account.clock.now();
    this.quota.grant(act);
  }

  #say(text: string, menuId?: string): Promise<boolean> {
    return this.message('text', { Content: text, bizmsgmenuid: menuId });
  }

  async #photo({ name, bytes, text }: Gesture & { kind: 'image' }): Promise<boolean> {
    const { id } = this.#account.media.photo(name, bytes);
    const url = `${this.#account.url()}/mmbiz/${id}`;
    const sent = await this.message('image', { PicUrl: url, MediaId: id });
    return text === undefined || text === '' ? sent : (await this.#say(text)) && sent;
  }

  async #push(fields: Element, visible: boolean): Promise<boolean> {
    const { account, callback, clock, mode, crypt, media, refuse } = this.#account;
    const pushed = await callback.push(this.user, {
      ToUserName: account,
      FromUserName: this.user,
      CreateTime: Math.floor(clock.now() / 1000),
      ...fields,
    });
    let why = pushed.answered ? undefined : pushed.why;
    if (pushed.answered) {
      try {
        const articles = fields.MsgType === 'event' ? 8 : 1;
        const rules = { mode, crypt, media, account, user: this.user, articles } as const;
        const shown = readPassive(pushed.body, rules);
        if (shown !== undefined) this.show(shown, 'passive');
        return true;
      } catch (error) {
        why = messageOf(error);
        refuse('passive reply', why, 0);
      }
    }
    if (visible && !this.#account.stopped()) {
      this.show({ kind: 'notice', text: OUT_OF_ORDER, items: [] }, 'passive');
    }
    return why === undefined;
  }
}

/** What an event of this name holds besides it. */
function eventFields(kind: string, key: string | undefined): Element {
  const ticket = randomBytes(48).toString('base64');
  if (kind === 'subscribe') {
    return key === undefined ? { EventKey: '' } : { EventKey: `qrscene_${key}`, Ticket: ticket };
  }
  if (kind === 'scan') return { EventKey: key ?? '', Ticket: ticket };
  if (SCAN_RESULTS.includes(kind)) {
    const result = { ScanType: 'qrcode', ScanResult: key ?? '' };
    return { EventKey: key ?? '', ScanCodeInfo: result };
  }
  if (kind === 'location')
    return { Latitude: 23.137466, Longitude: 113.352425, Precision: 119.385 };
  if (kind === 'subscribe_msg_popup_event') {
    const item = { TemplateId: key ?? '', SubscribeStatusString: 'accept', PopupScene: 0 };
    return { SubscribeMsgPopupEvent: { List: [item] } };
  }
  return key === undefined ? {} : { EventKey: key };
}
