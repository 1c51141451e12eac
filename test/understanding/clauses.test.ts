import { expect } from 'chai';
import fc from 'fast-check';
import { clausesOf, MOST_CLAUSES } from '../../src/understanding/clauses.ts';

const shown = (text: string): string =>
  clausesOf(text)
    .map((c) => (c.by === 'start' ? c.text : `${c.by}:${c.text}`))
    .join(' | ');

const CASES: readonly (readonly [string, string])[] = [
  ['查下订单，顺便开发票', '查下订单 | also:开发票'],
  ['查下订单，退货，再开发票', '查下订单 | comma:退货 | comma:开发票'],
  ['查下订单顺便开发票', '查下订单 | also:开发票'],
  ['我要退货还要开发票', '我要退货 | also:要开发票'],
  ['帮我查订单和发票', '帮我查订单 | and:发票'],
  ['运费多少？另外我要退货', '运费多少 | also:我要退货'],
  ['退货要开发票吗', '退货要开发票吗'],
  ['再见', '再见'],
  ['订单查询 退货', '订单查询 | comma:退货'],
  ['还有多久到', '还有多久到'],
  ['金额是1,000元', '金额是1,000元'],
  ['check my order, and also get an invoice', 'check my order | also:get an invoice'],
  ['track my order and get an invoice', 'track my order | and:get an invoice'],
  ['Where is it? By the way, I need an invoice.', 'Where is it | also:I need an invoice'],
  ['mail li.wei@example.com about 3.5 mm', 'mail li.wei@example.com about 3.5 mm'],
  ['android phone', 'android phone'],
  ['，。!?', ''],
  ['', ''],
];

describe('clauses', () => {
  for (const [text, expected] of CASES) {
    it(`reads ${JSON.stringify(text)}`, () => {
      expect(shown(text)).to.equal(expected);
    });
  }

  const piece = fc.oneof(
    fc.string({ maxLength: 8 }),
    fc.constantFrom(
      '，',
      '。',
      '顺便',
      '还要',
      '和',
      ' and ',
      ', ',
      '. ',
      '20261101001',
      '再',
      '\n',
      '退货',
      'return it',
      '1,000',
      'a@b.co',
    ),
  );
  const message = fc.array(piece, { maxLength: 40 }).map((pieces) => pieces.join(''));

  it('quotes the message in order, without overlaps, and says something in each clause', () => {
    fc.assert(
      fc.property(message, (text) => {
        let end = 0;
        const clauses = clausesOf(text);
        expect(clauses.length).to.be.at.most(MOST_CLAUSES);
        for (const [i, c] of clauses.entries()) {
          expect(c.start).to.be.at.least(end);
          expect(text.slice(c.start, c.end)).to.equal(c.text);
          expect(c.text).to.match(/[\p{L}\p{N}]/u);
          expect(c.by === 'start').to.equal(i === 0);
          end = c.end;
        }
      }),
    );
  });

  it('loses no number: each stands whole in one clause', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('，', ' and ', '顺便', '。', 'x', '查'), { maxLength: 6 }),
        (around) => {
          const number = '20261101001';
          const text = [...around, number, ...around].join('');
          expect(clausesOf(text).some((c) => c.text.includes(number))).to.equal(true);
        },
      ),
    );
  });

  it('looks at no more than 2,000 characters', () => {
    const clauses = clausesOf(`${'长'.repeat(1999)}，短`);
    expect(clauses).to.have.length(1);
  });
});
