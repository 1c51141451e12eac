import { inner, leaf, type Fields } from '../../src/channel/tencent/xml.ts';
import type { Allowance, Push } from './codec.ts';

/** Of following, scanning and tapping a menu (rule of 2023-06-12: 3 replies in 1 minute). */
const MINUTE = { sends: 3, lastsMs: 60_000 } as const;
/** Events that allow replies. Other menu buttons (opening pages, sending pictures) do not. */
const ALLOWING = new Set(['click', 'scancode_push', 'scancode_waitmsg', 'subscribe', 'scan']);
const MAX_VALUE = 500;
/** Which field of an event holds what, by the names that the log keeps them under. */
const NAMED: Readonly<Record<string, string>> = {
  EventKey: 'key',
  Latitude: 'latitude',
  Longitude: 'longitude',
  Precision: 'precision',
  Status: 'status',
  MsgID: 'message',
  MsgId: 'message',
  KfAccount: 'agent',
  FromKfAccount: 'from',
  ToKfAccount: 'to',
  MenuId: 'menu',
};
const INNER = [
  'ScanCodeInfo',
  'SendPicsInfo',
  'SendLocationInfo',
  'SubscribeMsgPopupEvent',
  'SubscribeMsgChangeEvent',
  'SubscribeMsgSentEvent',
] as const;

/**
 * Reads an event push; names are compared in lower case, because WeChat writes some in capitals.
 * @returns `undefined` where it has no name
 */
export function eventOf(fields: Fields): Pick<Push, 'content' | 'key' | 'allowance'> | undefined {
  const name = (leaf(fields, 'Event') ?? '').toLowerCase();
  if (!/^[\w.-]{1,64}$/.test(name)) return undefined;
  const key = keyOf(name, leaf(fields, 'EventKey') ?? '');
  const value = valueOf(fields, key?.value);
  const content = {
    kind: 'event' as const,
    name,
    ...(Object.keys(value).length === 0 ? {} : { value }),
  };
  const allowance: Allowance | undefined = ALLOWING.has(name)
    ? { kind: name.startsWith('scancode') ? 'click' : name, ...MINUTE }
    : undefined;
  return {
    content,
    ...(key === undefined ? {} : { key }),
    ...(allowance === undefined ? {} : { allowance }),
  };
}

function keyOf(event: string, raw: string): Push['key'] {
  const value = raw.slice(0, MAX_VALUE);
  if (event === 'click') return value === '' ? undefined : { of: 'menu', value };
  const scene = event === 'subscribe' ? value.replace(/^qrscene_/, '') : value;
  const scans = event === 'scan' || (event === 'subscribe' && value.startsWith('qrscene_'));
  return scans && scene !== '' ? { of: 'scene', value: scene } : undefined;
}

function valueOf(fields: Fields, key: string | undefined): Readonly<Record<string, unknown>> {
  const out: Record<string, unknown> = {};
  for (const [field, name] of Object.entries(NAMED)) {
    const text = leaf(fields, field) ?? '';
    if (text !== '') out[name] = text.slice(0, MAX_VALUE);
  }
  if (key !== undefined) out.key = key;
  for (const name of INNER) {
    const found = inner(fields, name);
    if (found !== undefined) out[name.charAt(0).toLowerCase() + name.slice(1)] = found;
  }
  return out;
}
