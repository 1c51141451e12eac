import type { ServerResponse } from 'node:http';
import { expect } from 'chai';
import { openReceiver, type Receiver } from './receiver.ts';

const HELLO = { kind: 'text', text: 'hello' } as const;

describe('simulators/wecom: callbacks', () => {
  let receiver: Receiver;
  beforeEach(async () => {
    receiver = await openReceiver();
  });
  afterEach(() => receiver.stop());

  it('are signed and sealed so that the package of the vendor opens them', async () => {
    const phone = receiver.simulator.phone('wm1');
    expect(await phone.do(HELLO)).to.equal(true);
    const [first] = receiver.received;
    expect(receiver.received).to.have.length(1);
    expect(first).to.include({ signed: true, corp: receiver.simulator.env.WECOM_CORP_ID });
    expect(first?.xml).to.match(/<Event><!\[CDATA\[kf_msg_or_event\]\]><\/Event>/u);
    expect(first?.xml).to.not.include('hello');
  });

  for (const [how, code, answer] of [
    [
      'refused',
      500,
      (r: ServerResponse) => {
        r.statusCode = 500;
        r.end();
      },
    ],
    ['answered with a body', 200, (r: ServerResponse) => void r.end('success')],
    ['not answered', 0, () => undefined],
  ] as const) {
    it(`come three times where they are ${how}`, async () => {
      receiver.answerWith(answer);
      expect(await receiver.simulator.phone('wm1').do(HELLO)).to.equal(false);
      expect(receiver.received).to.have.length(3);
      expect(receiver.simulator.refused.map((r) => r.code)).to.deep.equal([code, code, code]);
    });
  }

  it('end with the first try that is answered well', async () => {
    let tries = 0;
    receiver.answerWith((response) => {
      tries += 1;
      response.statusCode = tries === 1 ? 503 : 200;
      response.end();
    });
    expect(await receiver.simulator.phone('wm1').do(HELLO)).to.equal(true);
    expect(tries).to.equal(2);
  });

  it('do not begin before the address has answered its verification', async () => {
    receiver.simulator.connect(`${receiver.simulator.url}/nowhere`);
    expect(await receiver.simulator.phone('wm1').do(HELLO)).to.equal(false);
    expect(receiver.received).to.have.length(0);
    expect(receiver.simulator.refused[0]?.why).to.match(/echostr/u);
  });

  it('carry a token that pulls for ten minutes', async () => {
    await receiver.simulator.phone('wm1').do(HELLO);
    const token = receiver.received[0]?.token;
    receiver.clock.value += 600_000;
    expect((await receiver.call('kf/sync_msg', { token })).errcode).to.equal(0);
    receiver.clock.value += 1;
    expect((await receiver.call('kf/sync_msg', { token })).errcode).to.equal(95007);
    expect((await receiver.call('kf/sync_msg', { token: 'ENCforged' })).errcode).to.equal(95007);
  });
});
