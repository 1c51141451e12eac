import { expect } from 'chai';
import { WechatCustomer } from '../../bench/faults/wechat-customer.ts';
import type { Bubble, Phone } from '../../simulators/simulator.ts';

/** A customer that sent `count` messages, each acknowledged before the next; `screen` is what it sees. */
async function after(
  count: number,
  screen: readonly string[],
  acknowledged = true,
): Promise<WechatCustomer> {
  let sent = 0;
  const phone: Phone = {
    user: 'c7',
    do: () => {
      sent += 1;
      return Promise.resolve(acknowledged);
    },
    screen: screen.map((text, i): Bubble => ({
      id: `${i}`,
      at: i,
      kind: 'text',
      text,
      items: [],
      by: 'active',
    })),
  };
  const customer = new WechatCustomer(phone, 7, () => 1);
  await customer.talk(() => sent >= count);
  return customer;
}

const answer = (n: number): string =>
  `1380070000${n} 的回执已登记${n % 5 === 0 ? `\n1380070000${n} 的条款：…` : ''}`;
const clean = { lost: [], doubled: [], disordered: [], strange: [] };

describe('the judge of a WeChat screen', () => {
  it('finds nothing wrong with one answer a message, merged bubbles among them', async () => {
    const customer = await after(3, [answer(0), `${answer(1)}\n\n${answer(2)}`]);
    expect(customer.judge([])).to.deep.equal(clean);
  });

  it('finds what is lost, unless it is listed for operators', async () => {
    const customer = await after(2, [answer(1)]);
    expect(customer.judge([]).lost).to.deep.equal(['13800700000']);
    expect(customer.judge([answer(0)])).to.deep.equal(clean);
  });

  it('finds that the second of two bubbles is missing', async () => {
    const customer = await after(1, ['13800700000 的回执已登记']);
    expect(customer.judge([]).lost).to.deep.equal(['13800700000']);
  });

  it('asks for no answer to what was not acknowledged', async () => {
    expect((await after(2, [], false)).judge([])).to.deep.equal(clean);
  });

  it('finds doubled, disordered and strange answers', async () => {
    const twice = await after(1, [answer(0), answer(0)]);
    expect(twice.judge([]).doubled).to.deep.equal(['13800700000']);
    const wrongOrder = await after(2, [answer(1), answer(0)]);
    expect(wrongOrder.judge([]).disordered).to.deep.equal(['13800700001']);
    const nobody = await after(1, [answer(0), answer(6)]);
    expect(nobody.judge([]).strange).to.deep.equal(['13800700006']);
  });
});
