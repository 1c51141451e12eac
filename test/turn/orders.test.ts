import { expect } from 'chai';
import { meansAll, ordersIn } from '../../src/turn/orders.ts';

describe('ordersIn', () => {
  const a = '20261101001';
  const b = '20261101002';
  const cases: readonly (readonly [string, readonly string[]])[] = [
    [`查 ${a} 和 ${b}`, [a, b]],
    [`查 ${a}、${b}、${a}`, [a, b]],
    [`${a} 不退了，退 ${b}`, [b]],
    [`不是 ${a}，是 ${b}`, [b]],
    [`退 ${a} 还是 ${b}`, []],
    [`查 ${a}，不对，是 ${b}`, [b]],
    [`check ${a}, sorry, ${b}`, [b]],
    [`把 ${a} 换成 ${b}`, []],
    [`don't return ${a}, return ${b}`, [b]],
    [`${a} or ${b}`, []],
    [`check ${a} and ${b}`, [a, b]],
    [`我不退 ${a}`, [a]],
    ['退货', []],
  ];
  for (const [text, orders] of cases) {
    it(text, () => expect(ordersIn(text)).to.deep.equal(orders));
  }
});

describe('meansAll', () => {
  for (const text of ['两个都查', '都退', '全部', '这两单都要退', 'both', 'all of them please']) {
    it(`does: ${text}`, () =>
      expect(meansAll(text, /[a-z]/u.test(text) ? 'en' : 'zh')).to.equal(true));
  }
  for (const text of ['都可以', '都不要', '都行', '首都', 'not both', "that's all", 'at all']) {
    it(`does not: ${text}`, () =>
      expect(meansAll(text, /[a-z]/u.test(text) ? 'en' : 'zh')).to.equal(false));
  }
});
