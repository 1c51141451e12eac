import { expect } from 'chai';
import { address } from '../../../src/dialog/slots/address.ts';
import { brief, said } from './said.ts';

/** What is said, what `parse` and what `find` make of it. */
const ADDRESS: readonly (readonly [string, string, string])[] = [
  [
    '浙江省杭州市西湖区文三路 5 号 3 栋 402 室',
    '浙江省杭州市西湖区文三路 5 号 3 栋 402 室*',
    '浙江省杭州市西湖区文三路 5 号 3 栋 402 室',
  ],
  ['浙江省杭州市西湖區文三路５號', '浙江省杭州市西湖區文三路５號*', '浙江省杭州市西湖區文三路５號'],
  [
    '改成上海市徐汇区漕溪北路88号1201室，谢谢',
    '上海市徐汇区漕溪北路88号1201室*',
    '上海市徐汇区漕溪北路88号1201室',
  ],
  [
    '我的收货地址是北京市朝阳区建国路93号万达广场8号楼',
    '北京市朝阳区建国路93号万达广场8号楼*',
    '北京市朝阳区建国路93号万达广场8号楼',
  ],
  [
    '12 Nanjing Road, Huangpu District, Shanghai',
    '12 Nanjing Road, Huangpu District, Shanghai*',
    '12 Nanjing Road, Huangpu District, Shanghai',
  ],
  ['please change it to 350 Fifth Avenue, New York', '350 Fifth Avenue, New York', '-'],
  ['杭州', '-too-short', '-'],
  ['杭州市', '-too-short', '-'],
  ['我家', '-', '-'],
  ['新华路12号院3号楼', '新华路12号院3号楼', '-'],
  ['文三路5号', '-too-short', '-'],
  ['四川省阿坝州汶川县映秀镇中滩堡村', '四川省阿坝州汶川县映秀镇中滩堡村', '-'],
  ['我要退货', '-', '-'],
  ['怎么改地址？', '-incomplete', '-'],
  ['广州市天河区', '-incomplete', '-'],
  [
    '订单20261101001地址改成南京市鼓楼区中山路1号，谢谢',
    '南京市鼓楼区中山路1号',
    '南京市鼓楼区中山路1号',
  ],
  ['我在超市买的东西坏了3个', '-incomplete', '-'],
  ['20261101001', '-incomplete', '-'],
  ['北京市朝阳区望京SOHO塔1 1502', '北京市朝阳区望京SOHO塔1 1502*', '北京市朝阳区望京SOHO塔1 1502'],
  ['地址：深圳市南山区科技园路1号', '深圳市南山区科技园路1号*', '深圳市南山区科技园路1号'],
  ['221B Baker Street, London', '221B Baker Street, London', '-'],
  [
    '我住在上海市浦东新区世纪大道100号',
    '上海市浦东新区世纪大道100号*',
    '上海市浦东新区世纪大道100号',
  ],
  ...(
    [
      '{} 收件人李四 电话13900001111',
      '{}，收件人：李四，手机号：13900001111',
      '{} 联系电话是13900001111 收货人李四',
      '收件人李四 电话13900001111 {}',
      '{}，电话 13900001111',
    ] as const
  ).map((with_) => {
    const place = '广东省深圳市南山区科技园1号';
    return [with_.replace('{}', place), `${place}*`, place] as const;
  }),
  ...(
    [
      '{}, recipient: John Smith, phone: 13900001111',
      '{}, phone number is 13900001111',
      '{}, tel. 13900001111',
      'recipient: John Smith, {}, mobile 13900001111',
    ] as const
  ).map((with_) => {
    const place = '12 Nanjing Road, Huangpu District, Shanghai';
    return [with_.replace('{}', place), `${place}*`, place] as const;
  }),
];

describe('slot address', () => {
  const slot = address();
  for (const [text, parsed, found] of ADDRESS) {
    it(`reads "${text}" as ${parsed}`, () => {
      expect(brief(slot.parse(said(text)))).to.equal(parsed);
      expect(brief(slot.find(said(text)))).to.equal(found);
    });
  }

  it('has a longest and a shortest', () => {
    expect(brief(slot.parse(said(`上海市徐汇区漕溪北路88号${'楼'.repeat(300)}`)))).to.equal(
      '-too-long',
    );
    expect(brief(slot.parse(said('上海市1号')))).to.equal('-too-short');
  });
});
