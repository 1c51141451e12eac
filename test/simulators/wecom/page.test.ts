import { expect } from 'chai';
import { openReceiver, PNG, type Receiver } from './receiver.ts';

const KF = 'wkAJ2GCAAASSm4';

describe('simulators/wecom: the page', () => {
  let receiver: Receiver;
  beforeEach(async () => {
    receiver = await openReceiver();
  });
  afterEach(() => receiver.stop());

  it('shows and works a phone', async () => {
    const { url } = receiver.simulator;
    const phone = `${url}/phone/wm1`;
    const headers = { 'Content-Type': 'application/json' };
    const body = JSON.stringify({ kind: 'text', text: 'hi' });
    const done = await fetch(phone, { method: 'POST', headers, body });
    expect(await done.json()).to.deep.equal({ ok: true });
    const { media_id: id } = await receiver.upload('image', 'a.png', PNG);
    const image = { touser: 'wm1', open_kfid: KF, msgtype: 'image', image: { media_id: id } };
    expect((await receiver.call('kf/send_msg', image)).errcode).to.equal(0);
    const screen = (await (await fetch(phone)).json()) as {
      bubbles: { kind: string; picture: string }[];
      facts: { value: string }[];
      actions: { gesture: { name?: string } }[];
    };
    expect(screen.bubbles.map((b) => b.kind)).to.deep.equal(['image']);
    const picture = await fetch(`${url}${screen.bubbles[0]?.picture ?? ''}`);
    expect(Buffer.from(await picture.arrayBuffer())).to.deep.equal(PNG);
    expect(screen.facts.map((f) => f.value)).to.include('4');
    expect(screen.actions.map((a) => a.gesture.name)).to.include('agent-takes');
  });

  it('has nothing elsewhere', async () => {
    const { url } = receiver.simulator;
    expect((await fetch(`${url}/media/none`)).status).to.equal(404);
    expect((await fetch(`${url}/else`)).status).to.equal(404);
  });
});
