import { expect } from 'chai';
import fc from 'fast-check';
import { pack, type Part } from '../../../channels/wechat/bubbles.ts';
import { firstPage } from '../../../channels/wechat/parked.ts';
import { piecesOf, type Bubble, type Style } from '../../../channels/wechat/render.ts';
import type { Reply } from '../../../src/message.ts';

const style: Style = {
  choices: 'menu',
  cards: 'news',
  images: 'image',
  choose: '请选择：',
  address: (url) => (url.startsWith('/') ? `https://chat.example${url}` : undefined),
};
const plain: Style = { ...style, choices: 'links', cards: 'text', images: 'text' };

const word = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 });
const choices = fc.array(fc.record({ value: word, title: word }), { minLength: 1, maxLength: 14 });
const reply: fc.Arbitrary<Reply> = fc
  .record({
    text: fc.oneof(
      word,
      fc.array(word, { maxLength: 200 }).map((w) => w.join('。')),
    ),
    choices: fc.option(choices, { nil: undefined }),
    cards: fc.option(
      fc.array(fc.record({ title: word, url: fc.constant('/c') }), { maxLength: 2 }),
      {
        nil: undefined,
      },
    ),
  })
  .map(({ text, choices: c, cards }) => ({
    from: 'bot' as const,
    text,
    ...(c === undefined ? {} : { choices: c }),
    ...(cards === undefined ? {} : { cards }),
  }));

const fresh = (r: Reply): Part => ({ reply: r, done: new Set() });
const shown = (b: Bubble): string =>
  b.kind === 'text' ? b.text : b.kind === 'menu' ? b.head : b.kind === 'news' ? b.card.title : '';

describe('wechat rendering', () => {
  it('no bubble is larger than WeChat takes, and every part is in exactly one', () => {
    fc.assert(
      fc.property(
        fc.array(reply, { minLength: 1, maxLength: 8 }),
        fc.constantFrom(style, plain, { ...style, choices: 'numbers' as const }),
        (replies, how) => {
          const parts = replies.map(fresh);
          const packed = pack(parts, how);
          for (const { bubble } of packed) {
            expect(Buffer.byteLength(shown(bubble))).to.be.at.most(2048);
            if (bubble.kind === 'text') expect(bubble.text.trim()).to.not.equal('');
            if (bubble.kind === 'menu') expect(bubble.choices.length).to.be.within(1, 10);
          }
          for (const part of parts) {
            const covers = packed.flatMap((p) => p.covers).filter((c) => c.part === part);
            const keys = covers.flatMap((c) => c.keys);
            const all = piecesOf(part.reply, how, new Set()).flatMap((p) => p.keys);
            expect(keys).to.deep.equal(all);
            expect(piecesOf(part.reply, how, new Set(keys))).to.deep.equal([]);
          }
        },
      ),
      { numRuns: 200 },
    );
  });

  it('goes on with what was not sent, in another style too', () => {
    fc.assert(
      fc.property(reply, fc.nat(5), (one, sentCount) => {
        const first = piecesOf(one, style, new Set()).slice(0, sentCount);
        const done = new Set(first.flatMap((p) => p.keys));
        for (const how of [style, plain]) {
          for (const piece of piecesOf(one, how, done)) {
            expect(piece.keys.filter((key) => done.has(key))).to.deep.equal([]);
          }
        }
      }),
    );
  });

  it('a blank line stands between the texts of two replies, nothing between parts of one', () => {
    const long = '句子。'.repeat(300);
    const packed = pack(
      [fresh({ from: 'bot', text: long }), fresh({ from: 'bot', text: '二' })],
      style,
    );
    expect(packed.map((p) => shown(p.bubble)).join('')).to.equal(`${long}\n\n二`);
    const whole = pack([fresh({ from: 'bot', text: long })], style, Infinity);
    expect(whole.map((p) => shown(p.bubble))).to.deep.equal([long]);
  });

  it('links escape what would end them, and only that', () => {
    const [piece] = piecesOf(
      { from: 'bot', text: '', choices: [{ value: 'v', title: '价格 "高" & <低>#1' }] },
      plain,
      new Set(),
    );
    expect(piece?.bubble).to.deep.equal({
      kind: 'text',
      text: '<a href="weixin://bizmsgmenu?msgmenucontent=价格%20%22高%22%20%26%20%3C低%3E%231&msgmenuid=v">价格 "高" & ＜低＞#1</a>',
    });
  });

  it('numbers stand where links would be too long', () => {
    const many = Array.from({ length: 40 }, (_, i) => ({ value: `v${i}`, title: `第${i}个` }));
    const [piece] = piecesOf({ from: 'bot', text: '选', choices: many }, plain, new Set());
    expect(piece && shown(piece.bubble)).to.match(/^选\n\n1\. 第0个\n2\. 第1个/);
  });

  it('empty replies show nothing', () => {
    expect(pack([fresh({ from: 'bot', text: ' \n' })], style)).to.deep.equal([]);
  });

  it('pages hold 2048 bytes with their note, and lose nothing', () => {
    fc.assert(
      fc.property(fc.array(word, { maxLength: 900 }), (words) => {
        const all = words.join('。').trim();
        let rest = all;
        let read = '';
        for (let pages = 0; rest !== ''; pages += 1) {
          const next = firstPage(rest, 'more');
          expect(Buffer.byteLength(next.page)).to.be.at.most(2048);
          expect(next.rest.length).to.be.below(rest.length);
          read += next.rest === '' ? next.page : next.page.replace(/\n\nmore$/u, '');
          rest = next.rest;
        }
        expect(read.replaceAll(/\s/gu, '')).to.equal(all.replaceAll(/\s/gu, ''));
      }),
      { numRuns: 60 },
    );
  });
});
