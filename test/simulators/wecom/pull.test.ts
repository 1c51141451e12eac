import { expect } from 'chai';
import { openReceiver, PNG, type Answer, type Receiver } from './receiver.ts';

const MORE_THAN_THREE_DAYS = 3 * 86_400_000 + 1;

describe('simulators/wecom: sync_msg', () => {
  let receiver: Receiver;
  beforeEach(async () => {
    receiver = await openReceiver();
  });
  afterEach(() => receiver.stop());

  it('brings every message once, in order, over pages that may be empty', async () => {
    const phone = receiver.simulator.phone('wm1');
    for (let n = 0; n < 12; n += 1) await phone.do({ kind: 'text', text: `m${n}` });
    const token = receiver.received.at(-1)?.token;
    const texts: unknown[] = [];
    let empty = 0;
    let cursor = '';
    for (;;) {
      const page = await receiver.call('kf/sync_msg', { token, cursor, limit: 2 });
      const list = page.msg_list as { text: { content: string } }[];
      texts.push(...list.map((m) => m.text.content));
      if (list.length === 0 && page.has_more === 1) empty += 1;
      cursor = page.next_cursor as string;
      expect(Buffer.byteLength(cursor)).to.be.at.most(64);
      if (page.has_more === 0) break;
    }
    expect(texts).to.deep.equal(Array.from({ length: 12 }, (_, n) => `m${n}`));
    expect(empty).to.be.greaterThan(0);
  });

  it('leaves out what the API sent and what is older than three days', async () => {
    const phone = receiver.simulator.phone('wm1');
    await phone.do({ kind: 'text', text: 'old' });
    receiver.clock.value += MORE_THAN_THREE_DAYS;
    await phone.do({ kind: 'text', text: 'new' });
    const [account] = (await receiver.call('kf/account/list', {})).account_list as {
      open_kfid: string;
    }[];
    const sent = await receiver.call('kf/send_msg', {
      touser: 'wm1',
      open_kfid: account?.open_kfid,
      msgtype: 'text',
      text: { content: 'answer' },
    });
    expect(sent.errcode).to.equal(0);
    const { items } = await receiver.pull();
    expect(items.map((i) => (i.text as { content: string }).content)).to.deep.equal(['new']);
    expect(phone.screen.map((b) => b.text)).to.deep.equal(['answer']);
  });

  it('keeps the accounts apart, and has the ids of an event inside it', async () => {
    await receiver.simulator.phone('wm1').do({ kind: 'text', text: 'one' });
    await receiver.simulator.phone('wm1@wkAJ2GCAAASSm5').do({ kind: 'join', scene: 'qr-7' });
    const { items } = await receiver.pull();
    expect(items).to.have.length(1);
    expect(items[0]).to.include({ msgtype: 'event', origin: 4 });
    expect(items[0]).to.not.have.any.keys('open_kfid', 'external_userid');
    expect(items[0]?.event).to.include({
      event_type: 'enter_session',
      open_kfid: 'wkAJ2GCAAASSm5',
      external_userid: 'wm1',
      scene: 'qr-7',
    });
  });

  it('refuses cursors of its own making only', async () => {
    const phone = receiver.simulator.phone('wm1');
    await phone.do({ kind: 'text', text: 'one' });
    const { cursor } = await receiver.pull();
    const token = receiver.received[0]?.token;
    const code = async (body: object): Promise<number> =>
      (await receiver.call('kf/sync_msg', { token, ...body })).errcode;
    expect(await code({ cursor, open_kfid: 'wkAJ2GCAAASSm4' })).to.equal(0);
    expect(await code({ cursor, open_kfid: 'wkAJ2GCAAASSm5' })).to.equal(40058);
    expect(await code({ cursor: 'x'.repeat(65) })).to.equal(40058);
    expect(await code({ limit: 1001 })).to.equal(40058);
    expect(await code({ open_kfid: 'wkNobody' })).to.equal(95000);
  });

  it('limits pulls without a token', async () => {
    const codes: number[] = [];
    for (let n = 0; n < 11; n += 1) codes.push((await receiver.call('kf/sync_msg', {})).errcode);
    expect(codes.slice(0, 10)).to.deep.equal(Array(10).fill(0));
    expect(codes[10]).to.equal(45009);
    receiver.clock.value += 60_000;
    expect((await receiver.call('kf/sync_msg', {})).errcode).to.equal(0);
  });

  it('brings a tap with its menu_id, a picture with its media_id, an agent as origin 5', async () => {
    const phone = receiver.simulator.phone('wm1');
    await phone.do({ kind: 'text', text: 'hi' });
    await receiver.call('kf/send_msg', {
      touser: 'wm1',
      open_kfid: 'wkAJ2GCAAASSm4',
      msgtype: 'msgmenu',
      msgmenu: {
        head_content: 'Why?',
        list: [{ type: 'click', click: { id: 'reason-1', content: 'Broken' } }],
      },
    });
    await phone.do({ kind: 'tap', id: 'reason-1' });
    await phone.do({ kind: 'image', name: 'box.png', bytes: PNG, text: 'look' });
    await phone.do({ kind: 'event', name: 'agent-takes' });
    await phone.do({ kind: 'event', name: 'agent-writes', key: 'I am here' });
    const { items } = await receiver.pull();
    const [, tap, image, said, taken, agent] = items;
    expect(tap?.text).to.deep.equal({ content: 'Broken', menu_id: 'reason-1' });
    expect(image).to.include({ msgtype: 'image', origin: 3 });
    expect(said?.text).to.deep.equal({ content: 'look' });
    expect(taken?.event).to.include({ event_type: 'session_status_change', change_type: 1 });
    expect(agent).to.include({ origin: 5, servicer_userid: 'zhangsan' });
    const media = (image?.image as { media_id: string }).media_id;
    const file = await download(receiver, media);
    expect(file).to.deep.equal(PNG);
    expect(phone.screen.map((b) => [b.kind, b.text, b.items.length])).to.deep.equal([
      ['menu', 'Why?', 1],
      ['text', 'I am here', 0],
    ]);
  });
});

async function download(receiver: Receiver, id: string): Promise<Buffer> {
  const { env, url } = receiver.simulator;
  const query = `corpid=${env.WECOM_CORP_ID ?? ''}&corpsecret=${env.WECOM_KF_SECRET ?? ''}`;
  const token = (await (await fetch(`${url}/cgi-bin/gettoken?${query}`)).json()) as Answer;
  const response = await fetch(
    `${url}/cgi-bin/media/get?access_token=${String(token.access_token)}&media_id=${id}`,
  );
  return Buffer.from(await response.arrayBuffer());
}
