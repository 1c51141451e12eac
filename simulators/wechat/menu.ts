import { Refusal } from './refusal.ts';

/** A button of the account's menu. */
export interface MenuButton {
  readonly name: string;
  readonly type: string;
  /** What its event carries: the key, or the address of a `view`. */
  readonly key: string;
}

type Fields = Readonly<Record<string, unknown>>;

const KEYED = [
  'click',
  'scancode_push',
  'scancode_waitmsg',
  'pic_sysphoto',
  'pic_photo_or_album',
  'pic_weixin',
  'location_select',
];
const MAX_KEY = 128;

function listOf(value: unknown, most: number, code: number): readonly Fields[] {
  const all: readonly unknown[] = Array.isArray(value) ? value : [];
  if (all.length === 0 || all.length > most) throw new Refusal(code, `1 to ${most} buttons`);
  return all as readonly Fields[];
}

function read(button: Fields): MenuButton {
  const { name, type } = button;
  if (typeof name !== 'string' || name === '' || Buffer.byteLength(name) > 60) {
    throw new Refusal(40018);
  }
  if (type === 'view') {
    const url = button.url;
    if (typeof url !== 'string' || !/^https?:\/\//u.test(url)) throw new Refusal(40035, 'no url');
    return { name, type, key: url };
  }
  if (typeof type !== 'string' || !KEYED.includes(type)) throw new Refusal(40017);
  const key = button.key;
  if (typeof key !== 'string' || key === '' || Buffer.byteLength(key) > MAX_KEY) {
    throw new Refusal(40019);
  }
  return { name, type, key };
}

/**
 * Reads the body of `menu/create`: at most three buttons, each of at most five or itself one to tap.
 * @returns those that can be tapped
 * @throws Refusal
 */
export function checkMenu(order: Fields): readonly MenuButton[] {
  return listOf(order.button, 3, 40016).flatMap((button) =>
    button.sub_button === undefined
      ? [read(button)]
      : listOf(button.sub_button, 5, 40023).map(read),
  );
}
