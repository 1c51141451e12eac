import { expect } from 'chai';
import fc from 'fast-check';
import { Defect } from '../../src/errors.ts';
import type { Knowledge } from '../../src/knowledge/types.ts';
import { findEntities } from '../../src/text/entities/entities.ts';
import { HeldClock, loadShop, NOW, ShopCopy } from './shop.ts';

describe('loadKnowledge', () => {
  let knowledge: Knowledge;
  before(async () => {
    knowledge = await loadShop();
  });

  it('serves live entries only', () => {
    expect([...knowledge.entries.keys()]).to.have.members([
      'refund-time',
      'return-fee',
      'delivery-time',
      'shipping-fee',
      'only-chinese',
    ]);
  });

  it('sorts a flat list of questions by script', () => {
    expect(knowledge.entries.get('return-fee')?.utterances).to.deep.equal({
      zh: ['退货运费谁出？', '寄回去要我付邮费吗'],
      en: ['Who pays for return shipping?', 'Do I have to pay to send it back?'],
    });
    expect(knowledge.entries.get('only-chinese')?.question).to.deep.equal({ zh: '海外可以配送吗' });
  });

  it('lists what trains the classifier', () => {
    const zh = knowledge.utterances('zh');
    expect(zh).to.deep.include({ text: '退款几天能收到', intent: 'faq.refund-time' });
    expect(zh).to.deep.include({ text: '我要退货', intent: 'dialog.return-order' });
    expect(zh).to.deep.include({ text: '算了', intent: 'command.cancel' });
    expect(zh.map((u) => u.intent)).not.to.include('faq.gift-wrap');
  });

  it('gives the wording of dialogs by slot', () => {
    const dialog = knowledge.dialogs.get('return-order');
    expect(dialog?.labels.orderId?.zh).to.deep.equal(['订单号', '单号']);
    expect(dialog?.labels.reason?.en).to.deep.equal(['reason']);
    expect(dialog?.choices.reason?.quality?.zh.alike).to.deep.equal(['坏了', '有瑕疵']);
    expect(dialog?.line('slots.reason.choices.quality')).to.equal(18);
  });

  it('names things that messages may speak of', () => {
    const at = findEntities('降噪尔机多少钱', { now: NOW, lexicon: knowledge.named });
    expect(at.map(({ text, value }) => ({ text, value }))).to.deep.equal([
      {
        text: '降噪尔机',
        value: { id: 'headphones', type: 'product', name: '降噪耳机', distance: 0 },
      },
    ]);
  });

  describe('answers', () => {
    const answer = (id: string, lang: 'zh' | 'en', channel: string) =>
      knowledge.answer(id, lang, channel, NOW);

    it('by channel, else the default', () => {
      expect(answer('return-fee', 'zh', 'sms')).to.equal('质量问题我们付，其他您付。');
      expect(answer('return-fee', 'zh', 'web')).to.match(/^质量问题由我们/);
      expect(answer('shipping-fee', 'zh', 'wechat')).to.equal('满 99 包邮');
    });

    it("in the customer's language before the channel's own text", () => {
      expect(answer('return-fee', 'en', 'sms')).to.match(/^We do/);
      expect(answer('shipping-fee', 'en', 'wechat')).to.match(/^Free over/);
    });

    it('in the other language where there is none', () => {
      expect(answer('only-chinese', 'en', 'web')).to.equal('暂时不支持海外配送。');
    });

    it('never of drafts and unknown entries', () => {
      expect(answer('gift-wrap', 'zh', 'web')).to.equal(undefined);
      expect(answer('nothing', 'zh', 'web')).to.equal(undefined);
    });
  });

  describe('dates', () => {
    const MARCH_31 = Date.parse('2026-03-31T23:59:00+08:00');

    it('an entry answers from its first to its last day, without a reload', async () => {
      const clock = new HeldClock(Date.parse('2026-02-28T23:59:00+08:00'));
      const timed = await loadShop(clock);
      const found = () => timed.search('春季促销到什么时候结束', 'zh').map((h) => h.entry);
      const answered = () => timed.answer('spring-sale', 'zh', 'web', clock.now());
      expect(found()).not.to.include('spring-sale');
      expect(answered()).to.equal(undefined);
      clock.time = MARCH_31;
      expect(found()[0]).to.equal('spring-sale');
      expect(answered()).to.equal('三月底。');
      clock.time = MARCH_31 + 120_000;
      expect(found()).not.to.include('spring-sale');
      expect(answered()).to.equal(undefined);
    });

    it('an expired entry trains nothing', () => {
      expect(knowledge.utterances('zh').map((u) => u.intent)).not.to.include('faq.spring-sale');
    });
  });

  describe('texts', () => {
    it('fills placeholders and varies', () => {
      const vars = { name: '退货', ask: '订单号？' };
      expect(knowledge.text('resume.ask', 'zh', vars)).to.equal('我们继续退货：订单号？');
      expect(knowledge.text('resume.ask', 'zh', vars, 1)).to.equal('回到退货，订单号？');
      expect(knowledge.text('resume.ask', 'zh', vars, 2)).to.equal('我们继续退货：订单号？');
      expect(knowledge.text('return-order.slots.orderId.label', 'en')).to.equal('order number');
      expect(knowledge.text('return-order.slots.orderId.reasons.wrong-length', 'zh')).to.match(
        /11/,
      );
      expect(knowledge.text('return-order.say.opened', 'en', { number: '1' })).to.match(
        /return 1 is/,
      );
    });

    it('an unknown key and a missing value are defects', () => {
      expect(() => knowledge.text('resume', 'zh')).to.throw(Defect, /resume/);
      expect(() => knowledge.text('constructor', 'zh')).to.throw(Defect);
      expect(() => knowledge.text('resume.ask', 'zh', { name: 'x' })).to.throw(Defect, /\{ask\}/);
      expect(knowledge.hasText('resume.ask')).to.equal(true);
      expect(knowledge.hasText('resume')).to.equal(false);
    });

    it('never leaves a brace of its own, whatever the values and the variant', () => {
      const value = fc.string({ unit: 'grapheme' }).filter((s) => !/[{}]/.test(s));
      fc.assert(
        fc.property(value, value, fc.double(), (name, ask, vary) => {
          const said = knowledge.text('resume.ask', 'en', { name, ask }, vary);
          expect(said).not.to.match(/[{}]/);
          expect(said).to.include(name).and.to.include(ask);
        }),
      );
    });

    it('takes values as they are', () => {
      const said = knowledge.text('resume.ask', 'en', { name: '{ask}', ask: '$&' });
      expect(said).to.equal('Back to your {ask}: $&');
    });
  });

  describe('versions', () => {
    it('are equal for equal files, and follow each edit', async () => {
      const shop = await ShopCopy.make();
      const first = await shop.load();
      expect((await shop.load()).version).to.equal(first.version);
      await shop.replace('faq/delivery.yaml', '一般 2 到 4 天。', '一般 3 天。');
      const second = await shop.load();
      expect(second.version).not.to.equal(first.version);
      const revision = (k: Knowledge, id: string) => k.entries.get(id)?.revision;
      expect(revision(second, 'delivery-time')).not.to.equal(revision(first, 'delivery-time'));
      expect(revision(second, 'shipping-fee')).to.equal(revision(first, 'shipping-fee'));
      await shop.remove();
    });
  });
});

describe('Snapshot.without', () => {
  it('is the same knowledge but for the lines left out', async () => {
    const shop = await loadShop();
    const left = shop.without(({ text }) => text === '退款多久到账？');
    const lines = (of: typeof shop) => of.utterances('zh').map(({ text }) => text);
    expect(lines(shop)).to.include('退款多久到账？');
    expect(lines(left)).to.have.members(lines(shop).filter((text) => text !== '退款多久到账？'));
    expect(shop.search('退款多久到账', 'zh')[0]?.by).to.equal('exact');
    expect(left.search('退款多久到账', 'zh')[0]?.by).not.to.equal('exact');
    expect(left.answer('refund-time', 'zh', 'web', shop.entries.size)).to.be.a('string');
  });
});
