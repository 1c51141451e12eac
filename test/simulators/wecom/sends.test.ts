import { expect } from 'chai';
import { openReceiver, PNG, type Answer, type Receiver } from './receiver.ts';

const KF = 'wkAJ2GCAAASSm4';
const HOURS = 3_600_000;

describe('simulators/wecom: send_msg', () => {
  let receiver: Receiver;
  beforeEach(async () => {
    receiver = await openReceiver();
    await receiver.simulator.phone('wm1').do({ kind: 'text', text: 'hi' });
  });
  afterEach(() => receiver.stop());

  const send = (more: object): Promise<Answer> =>
    receiver.call('kf/send_msg', { touser: 'wm1', open_kfid: KF, ...more });
  const text = (content: string, more: object = {}): Promise<Answer> =>
    send({ msgtype: 'text', text: { content }, ...more });
  const menu = (list: readonly object[], more: object = {}): Promise<Answer> =>
    send({ msgtype: 'msgmenu', msgmenu: { head_content: 'h', list, ...more } });
  const click = (id: string, content: string): object => ({
    type: 'click',
    click: { id, content },
  });

  it('counts bytes, not characters', async () => {
    expect((await text('你'.repeat(682))).errcode).to.equal(0);
    expect((await text('你'.repeat(683))).errcode).to.equal(45002);
    expect((await text('')).errcode).to.equal(40058);
  });

  it('takes a msgid once in an account', async () => {
    expect(await text('a', { msgid: 'm_1-A' })).to.include({ errcode: 0, msgid: 'm_1-A' });
    const again = await text('a', { msgid: 'm_1-A' });
    expect(again.errcode).to.equal(40058);
    expect(again.errmsg).to.include('duplicate');
    expect((await text('a', { msgid: 'x'.repeat(33) })).errcode).to.equal(40058);
    expect((await text('a', { msgid: 'no spaces' })).errcode).to.equal(40058);
    expect((await text('b')).msgid).to.match(/^[\w-]{1,32}$/u);
    expect(receiver.simulator.phone('wm1').screen.map((b) => b.text)).to.deep.equal(['a', 'b']);
  });

  it('takes five messages for one of the customer, and none after 48 hours', async () => {
    const codes: number[] = [];
    for (let n = 0; n < 6; n += 1) codes.push((await text(`t${n}`)).errcode);
    expect(codes).to.deep.equal([0, 0, 0, 0, 0, 95001]);
    await receiver.simulator.phone('wm1').do({ kind: 'text', text: 'more' });
    expect((await text('again')).errcode).to.equal(0);
    receiver.clock.value += 48 * HOURS;
    expect((await text('late')).errcode).to.equal(0);
    receiver.clock.value += 1;
    expect((await text('too late')).errcode).to.equal(95002);
  });

  it('knows customers who were here, and sends nothing to those who only looked in', async () => {
    expect((await text('a', { touser: 'wm2' })).errcode).to.equal(40003);
    await receiver.simulator.phone('wm2').do({ kind: 'join' });
    expect((await text('a', { touser: 'wm2' })).errcode).to.equal(95031);
    expect((await text('a', { open_kfid: 'wkNobody' })).errcode).to.equal(95000);
  });

  it('holds menus to ten items and each field to its limit', async () => {
    const ten = Array.from({ length: 10 }, (_, n) => click(`i${n}`, `c${n}`));
    expect((await menu(ten)).errcode).to.equal(0);
    expect((await menu([...ten, click('i', 'c')])).errcode).to.equal(95008);
    expect((await menu([{ type: 'button' }])).errcode).to.equal(95009);
    expect((await menu([click('i'.repeat(65), 'c')])).errcode).to.equal(45002);
    expect((await menu([click('i', '你'.repeat(43))])).errcode).to.equal(45002);
    expect((await menu([click('', 'c')])).errcode).to.equal(40058);
    expect((await menu([], { head_content: 'h'.repeat(1025) })).errcode).to.equal(45002);
    expect((await menu([], { tail_content: 't'.repeat(1025) })).errcode).to.equal(45002);
  });

  it('sends uploaded files of the right type, for three days', async () => {
    const { media_id: id, errcode } = await receiver.upload('image', 'a.png', PNG);
    expect(errcode).to.equal(0);
    expect((await send({ msgtype: 'image', image: { media_id: id } })).errcode).to.equal(0);
    expect((await send({ msgtype: 'voice', voice: { media_id: id } })).errcode).to.equal(40007);
    const link = { title: 't', desc: 'd', url: 'https://example.com/', thumb_media_id: id };
    expect((await send({ msgtype: 'link', link })).errcode).to.equal(0);
    const long = { ...link, title: '你'.repeat(43) };
    expect((await send({ msgtype: 'link', link: long })).errcode).to.equal(45002);
    receiver.clock.value += 72 * HOURS + 1;
    await receiver.simulator.phone('wm1').do({ kind: 'text', text: 'still there?' });
    expect((await send({ msgtype: 'image', image: { media_id: id } })).errcode).to.equal(40007);
    expect(
      (await receiver.upload('image', 'a.png', Buffer.from('not a picture'))).errcode,
    ).to.equal(40004);
    expect((await receiver.upload('poster', 'a.png', PNG)).errcode).to.equal(40005);
  });

  it('refuses bodies that are no JSON and types that do not exist', async () => {
    expect((await receiver.call('kf/send_msg', '{"touser":')).errcode).to.equal(47001);
    expect((await receiver.call('kf/send_msg', '[]')).errcode).to.equal(47001);
    expect((await send({ msgtype: 'constructor' })).errcode).to.equal(40008);
    expect((await receiver.call('constructor', {})).errcode).to.equal(40066);
    expect(receiver.simulator.refused.map((r) => r.call)).to.deep.equal([
      'kf/send_msg',
      'kf/send_msg',
      'kf/send_msg',
      'constructor',
    ]);
  });

  it('loses accepted messages on a phone that refuses them, and says so', async () => {
    const phone = receiver.simulator.phone('wm1');
    await phone.do({ kind: 'event', name: 'loses', key: '10' });
    expect((await text('lost', { msgid: 'gone' })).errcode).to.equal(0);
    const { items } = await receiver.pull();
    expect(items.at(-1)?.event).to.include({
      event_type: 'msg_send_fail',
      fail_msgid: 'gone',
      fail_type: 10,
    });
    expect(phone.screen).to.deep.equal([]);
  });
});

describe('simulators/wecom: tokens', () => {
  it('are the same for 7,200 s, and each fault has its code', async () => {
    const receiver = await openReceiver();
    try {
      const { url, env } = receiver.simulator;
      const ask = async (corp: string, secret: string): Promise<Answer> =>
        (await (
          await fetch(`${url}/cgi-bin/gettoken?corpid=${corp}&corpsecret=${secret}`)
        ).json()) as Answer;
      const corp = env.WECOM_CORP_ID ?? '';
      const secret = env.WECOM_KF_SECRET ?? '';
      const first = await ask(corp, secret);
      expect(first).to.include({ errcode: 0, expires_in: 7200 });
      receiver.clock.value += 7_199_000;
      expect((await ask(corp, secret)).access_token).to.equal(first.access_token);
      const old = String(first.access_token);
      expect((await receiver.call('kf/account/list', {}, old)).errcode).to.equal(0);
      receiver.clock.value += 1000;
      expect((await receiver.call('kf/account/list', {}, old)).errcode).to.equal(42001);
      expect((await ask(corp, secret)).access_token).to.not.equal(first.access_token);
      expect((await receiver.call('kf/account/list', {}, 'other')).errcode).to.equal(40014);
      expect((await receiver.call('kf/account/list', {}, '')).errcode).to.equal(41001);
      expect((await ask(corp, 'wrong')).errcode).to.equal(40001);
      expect((await ask('wrong', secret)).errcode).to.equal(40013);
    } finally {
      await receiver.stop();
    }
  });

  it('and calls fail as they are told to', async () => {
    const calls: string[] = [];
    const receiver = await openReceiver({
      fault: (call) => {
        calls.push(call);
        return call === 'kf/account/list' ? -1 : undefined;
      },
    });
    try {
      expect((await receiver.call('kf/account/list', {})).errcode).to.equal(-1);
      expect(calls).to.deep.equal(['gettoken', 'kf/account/list']);
      expect(receiver.simulator.refused).to.deep.equal([]);
    } finally {
      await receiver.stop();
    }
  });

  it('and connections break before or behind what a call does', async () => {
    let cut: 'before' | 'after' | undefined;
    const receiver = await openReceiver({
      cut: (call) => (call === 'kf/send_msg' ? cut : undefined),
    });
    try {
      const phone = receiver.simulator.phone('wm1');
      await phone.do({ kind: 'text', text: 'hi' });
      for (cut of ['before', 'after', undefined] as const) {
        const text = { content: String(cut) };
        const body = { touser: 'wm1', open_kfid: KF, msgtype: 'text', text };
        const broke = await receiver.call('kf/send_msg', body).then(
          () => false,
          () => true,
        );
        expect(broke).to.equal(cut !== undefined);
      }
      expect(phone.screen.map((b) => b.text)).to.deep.equal(['after', 'undefined']);
      expect(receiver.simulator.calls.get('kf/send_msg')).to.equal(3);
    } finally {
      await receiver.stop();
    }
  });
});
