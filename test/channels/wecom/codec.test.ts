import { readdirSync, readFileSync } from 'node:fs';
import { expect } from 'chai';
import fc from 'fast-check';
import { decode, failureOf } from '../../../channels/wecom/codec.ts';

const samples = new URL('../../../channels/wecom/samples/', import.meta.url);
const read = (name: string): { items: readonly unknown[] } =>
  JSON.parse(readFileSync(new URL(name, samples), 'utf8')) as { items: readonly unknown[] };
const messages = read('messages.json').items;
const events = read('events.json').items;
const what = (raw: unknown): unknown => decode(raw)?.what;

describe('wecom: codec', () => {
  it('has its samples', () => {
    expect(readdirSync(samples).sort()).to.deep.equal(['events.json', 'messages.json']);
  });

  it('decodes every message', () => {
    expect(messages.map(what)).to.deep.equal([
      { kind: 'text', text: 'hello world', menuId: '101' },
      { kind: 'text', text: '我要退货' },
      { kind: 'media', type: 'image', mediaId: 'MEDIA_IMAGE' },
      { kind: 'media', type: 'voice', mediaId: 'MEDIA_VOICE' },
      { kind: 'media', type: 'video', mediaId: 'MEDIA_VIDEO' },
      { kind: 'media', type: 'file', mediaId: 'MEDIA_FILE' },
      { kind: 'words', key: 'location', said: '广州国际媒体港(南区) 广东省广州市海珠区滨江东路' },
      { kind: 'words', key: 'link', said: 'TITLE https://example.com/a' },
      { kind: 'words', key: 'business-card', said: '' },
      { kind: 'words', key: 'miniprogram', said: 'TITLE' },
      { kind: 'other', name: 'msgmenu' },
      { kind: 'words', key: 'product', said: '商品' },
      { kind: 'words', key: 'order', said: '20261101001' },
      { kind: 'agent', agent: 'zhangsan', type: 'text', text: '您好' },
      { kind: 'agent', agent: 'zhangsan', type: 'image', text: '' },
    ]);
    const [first] = messages.map(decode);
    expect(first).to.deep.include({
      id: 'from_msgid_4622416642169452483',
      kf: 'wkAJ2GCAAASSm4_FhToWMFea0xAFfd3Q',
      user: 'wmAJ2GCAAAme1XQRC-NI-q0_ZM9ukoAw',
      at: 1_615_478_585_000,
      fromCustomer: true,
    });
  });

  it('decodes every event', () => {
    expect(events.map(what)).to.deep.equal([
      { kind: 'enter', scene: '123', param: 'abc', welcomeCode: 'aaaaaa' },
      { kind: 'enter', scene: '', param: '' },
      { kind: 'lost', messageId: 'FAIL_MSGID', failType: 4 },
      { kind: 'servicer', servicer: 'SERVICER_USERID', on: true },
      { kind: 'servicer', servicer: 'SERVICER_USERID', on: false },
      { kind: 'session', change: 1, from: '', to: 'NEW', code: 'MSG_CODE' },
      { kind: 'session', change: 3, from: 'OLD', to: '', code: 'MSG_CODE' },
      { kind: 'other', name: 'user_recall_msg' },
    ]);
    expect(events.map((e) => decode(e)?.kf)).to.deep.equal(events.map(() => 'OPEN_KFID'));
    expect(events.every((e) => decode(e)?.fromCustomer === false)).to.equal(true);
  });

  it('what has no id or account is not an item', () => {
    const base = { msgid: 'm', open_kfid: 'k', external_userid: 'u', origin: 3, msgtype: 'text' };
    expect(decode(base)).not.to.equal(undefined);
    for (const raw of [
      undefined,
      null,
      [],
      'text',
      {},
      { ...base, msgid: '' },
      { ...base, msgid: 7 },
      { ...base, msgid: 'a\0b' },
      { ...base, open_kfid: undefined },
      { ...base, external_userid: 'a:b' },
      { ...base, msgid: 'x'.repeat(129) },
    ]) {
      expect(decode(raw), JSON.stringify(raw)).to.equal(undefined);
    }
  });

  it('fields of a wrong type count as absent', () => {
    const item = { msgid: 'm', open_kfid: 'k', external_userid: 'u', origin: 3 };
    expect(what({ ...item, msgtype: 'text', text: { content: {} } })).to.deep.equal({
      kind: 'text',
      text: '',
    });
    expect(what({ ...item, msgtype: 'text', text: 'x' })).to.deep.equal({ kind: 'text', text: '' });
    expect(what({ ...item, msgtype: '__proto__' })).to.deep.equal({
      kind: 'other',
      name: '__proto__',
    });
    expect(what({ ...item, msgtype: 'a b' })).to.deep.equal({ kind: 'other', name: 'unknown' });
    expect(decode({ ...item, send_time: '5' })?.at).to.equal(0);
    const half = { ...item, msgtype: 'text', text: { content: 'a\ud800\0b' } };
    expect(what(half)).to.deep.equal({ kind: 'text', text: 'a\ufffdb' });
  });

  it('names every reason of a lost message', () => {
    const reasons = [0, 1, 2, 4, 5, 6, 7, 8, 9, 10].map(failureOf);
    expect(new Set(reasons).size).to.equal(10);
    expect(failureOf(99)).to.equal(failureOf(0));
  });

  it('never throws: 100,000 mutated samples, and anything JSON can hold', () => {
    const texts = [...messages, ...events].map((raw) => JSON.stringify(raw));
    let seed = 20_261_124;
    const random = (below: number): number => {
      seed = (Math.imul(seed, 1_103_515_245) + 12_345) & 0x7fff_ffff;
      return seed % below;
    };
    const odd = [
      'null',
      '[]',
      '{}',
      '-1',
      '1e400',
      '"\\u0000"',
      '"\\ud800"',
      '"__proto__"',
      'true',
    ];
    let parsed = 0;
    for (let i = 0; i < 100_000; i += 1) {
      const text = texts[random(texts.length)]!;
      const values = [...text.matchAll(/:("[^"]*"|\d+|\{)/g)];
      const at = values[random(values.length)]!;
      const begin = at.index + 1;
      const mutated =
        i % 3 === 0
          ? text.slice(0, random(text.length)) + text.slice(random(text.length))
          : at[1] === '{'
            ? text.replace(/"[^"]*"/, '"msgtype"')
            : text.slice(0, begin) + odd[random(odd.length)]! + text.slice(begin + at[1]!.length);
      let raw: unknown;
      try {
        raw = JSON.parse(mutated);
      } catch {
        continue;
      }
      parsed += 1;
      const item = decode(raw);
      if (item !== undefined) JSON.stringify(item);
    }
    expect(parsed).to.be.greaterThan(50_000);
    fc.assert(fc.property(fc.jsonValue(), (raw) => void decode(raw)));
  });
});
