import { expect } from 'chai';
import fc from 'fast-check';
import { findEntities, type Entity } from '../../../src/text/entities/entities.ts';

const NOW = Date.parse('2026-11-22T10:00:00+08:00');
const lexicon = [
  { id: 'earbuds', type: 'product', names: ['无线耳机', 'wireless earbuds'] },
  { id: 'phone', type: 'product', names: ['iPhone 15 Pro'] },
];

function found(text: string): readonly Entity[] {
  return findEntities(text, { now: NOW, lexicon });
}

const kinds = (text: string): string =>
  found(text)
    .map((entity) => `${entity.type}:${entity.text}`)
    .join(' | ');

describe('findEntities', () => {
  const one: readonly (readonly [string, string, string])[] = [
    ['an order number, no number', '订单20261101001', 'order-number:20261101001'],
    ['an order number, no date', '2026-11-01-001', 'order-number:2026-11-01-001'],
    ['an ID card, no bank card', '11010519491231002X', 'id-card:11010519491231002X'],
    ['a phone, no number', '13812345678', 'phone:13812345678'],
    ['money, no quantity and no date', '三十五元', 'money:三十五元'],
    ['a share, no number', '打八五折', 'percent:八五折'],
    ['an instant, no quantity', '两个小时后', 'date-time:两个小时后'],
    ['a span of time, no date', '等了两个小时', 'quantity:两个小时'],
    ['a product, no number', 'iPhone 15 Pro还有吗', 'lexicon:iPhone 15 Pro'],
    ['a mail address, no link', 'a@taobao.com', 'email:a@taobao.com'],
    ['a place with its street, no date', '杭州市文三路5号', 'address:杭州市'],
    ['a holiday, no number', '双十一', 'date:双十一'],
    ['a time, no decimal', '三点五分', 'time:三点五分'],
    ['a decimal, no time', '三点五', 'number:三点五'],
    ['no clock time', 'set it at 1 hour', 'quantity:1 hour'],
    ['no clock time', '让灯光温暖一点', ''],
    ['a clock time', '明天一点', 'date-time:明天一点'],
    ['no inches', 'call after three in the afternoon', 'number:three'],
    ['no step', '到哪一步了', ''],
    ['no place', '佛罗里达州', ''],
    ['no name', '马上给我叫辆优步', ''],
    ['no name', '为联系人查找电子邮件', ''],
    ['a day without its 个', '每个星期二', 'date:星期二'],
    ['nothing of a code', '91350100M000100Y44', ''],
    ['nothing of a word that begins like a numeral', '麻烦看一下二维码', ''],
    ['nothing of nothing', '', ''],
  ];
  for (const [what, text, expected] of one) {
    it(`takes "${text}" for ${what}`, () => {
      expect(kinds(text)).to.equal(expected);
    });
  }

  it('finds all of a sentence in order', () => {
    const text =
      '收件人：李四，电话+86 138-0013-8000，地址广东省深圳市南山区科技园路8栋101，明天下午三点送两件无线耳鸡，运费12.5元';
    expect(kinds(text).split(' | ')).to.deep.equal([
      'person:李四',
      'phone:+86 138-0013-8000',
      'address:广东省深圳市南山区',
      'date-time:明天下午三点',
      'quantity:两件',
      'lexicon:无线耳鸡',
      'money:12.5元',
    ]);
    expect(found(text).map(({ value }) => value)).to.deep.equal([
      '李四',
      '13800138000',
      { province: '广东省', city: '深圳市', district: '南山区', detail: '科技园路8栋101' },
      '2026-11-23T15:00+08:00',
      { amount: 2, unit: '件' },
      { id: 'earbuds', type: 'product', name: '无线耳机', distance: 0 },
      { amount: 12.5, currency: 'CNY' },
    ]);
  });

  it('quotes as the customer wrote it, in full width and traditional characters', () => {
    const text = '電話：１３８－００１３－８０００，兩件';
    expect(kinds(text)).to.equal('phone:１３８－００１３－８０００ | quantity:兩件');
  });

  it('never rounds a long number', () => {
    const [card] = found('440305199003078913');
    expect(card?.value).to.equal('440305199003078913');
    expect(found('110105194912310021').filter(({ type }) => type === 'number')).to.deep.equal([]);
  });

  it('reads dates by the clock and the zone of the turn', () => {
    const at = (timeZone: string): unknown =>
      findEntities('tomorrow at 3pm', { now: NOW, timeZone })[0]?.value;
    expect(at('Asia/Shanghai')).to.equal('2026-11-23T15:00+08:00');
    expect(at('America/New_York')).to.equal('2026-11-22T15:00-05:00');
    expect(at('Asia/Kolkata')).to.equal('2026-11-23T15:00+05:30');
    expect(() => at('Mars/Olympus')).to.throw(RangeError);
  });

  it('gives plain JSON, quotes what stands there, and nothing twice', () => {
    const pieces = fc.constantFrom(
      '20261101001',
      '13800138000',
      '6222021200012345679',
      '11010519491231002X',
      '三十五元',
      '两件',
      '明天',
      '下周三下午三点',
      '国庆',
      '八折',
      'a@b.com',
      'www.a.cn/b?c=d',
      '北京市海淀区中关村大街1号',
      'next friday at noon',
      '$1,250.00',
      'two boxes',
      '我叫张三',
      "my name is John O'Neil",
      '无线耳机',
      'wirelss earbuds',
      '１２',
      'double five one two three four six',
      ' ',
      '，',
      '。',
      '\n',
      '😀',
      '\ud83d',
      '\u200b',
      '\u0301',
    );
    const text = fc.oneof(
      fc.array(pieces, { maxLength: 14 }).map((list) => list.join('')),
      fc.string({ unit: 'binary' }),
    );
    fc.assert(
      fc.property(text, (words) => {
        const entities = found(words);
        expect(JSON.parse(JSON.stringify(entities))).to.deep.equal(entities);
        let end = 0;
        for (const entity of entities) {
          expect(entity.start).to.be.at.least(end);
          expect(entity.end).to.be.above(entity.start);
          expect(words.slice(entity.start, entity.end)).to.equal(entity.text);
          end = entity.end;
        }
      }),
      { numRuns: 500 },
    );
  });
});
