import { expect } from 'chai';
import { createTraffic } from '../../../channels/wecom/traffic.ts';

describe('wecom: traffic', () => {
  it('tells what went out after a message was written and before it was pulled', () => {
    const traffic = createTraffic();
    for (const at of [1000, 5000, 6000, 9000]) traffic.sent('c', at);
    expect(traffic.wrote('c', 'm1', 5000)).to.equal(2);
    expect(traffic.wrote('c', 'm2', 5000)).to.equal(0);
    expect(traffic.wrote('other', 'm3', 0)).to.equal(0);
  });

  it('remembers no more sends than one message allows', () => {
    const traffic = createTraffic();
    for (let at = 0; at < 50; at += 1) traffic.sent('c', 10_000 + at);
    expect(traffic.wrote('c', 'm1', 1000)).to.equal(5);
  });

  it('the newest message waits until replies to it go out', () => {
    const traffic = createTraffic();
    expect(traffic.waits('c', ['m0'])).to.equal(false);
    const round = traffic.round('c');
    traffic.wrote('c', 'm1', 0);
    expect(traffic.round('c')).not.to.equal(round);
    expect(traffic.waits('c', ['m0'])).to.equal(true);
    expect(traffic.waits('c', ['m0', 'm1'])).to.equal(false);
    expect(traffic.waits('c', ['m0'])).to.equal(false);
  });
});
