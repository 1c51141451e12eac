import { expect } from 'chai';
import { openReceiver, type Answer, type Receiver } from './receiver.ts';

const KF = 'wkAJ2GCAAASSm4';
const WHO = { open_kfid: KF, external_userid: 'wm1' };
/** By the documents: from each state, where a call may move it to. */
const ALLOWED: Readonly<Record<number, readonly number[]>> = {
  0: [1, 2, 3, 4],
  1: [2, 3, 4],
  2: [3, 4],
  3: [3, 4],
  4: [],
};

describe('simulators/wecom: sessions', () => {
  let receiver: Receiver;
  beforeEach(async () => {
    receiver = await openReceiver();
  });
  afterEach(() => receiver.stop());

  const write = (): Promise<boolean> =>
    receiver.simulator.phone('wm1').do({ kind: 'text', text: 'hi' });
  const event = (name: string, key?: string): Promise<boolean> =>
    receiver.simulator
      .phone('wm1')
      .do(key === undefined ? { kind: 'event', name } : { kind: 'event', name, key });
  const move = (to: number, servicer = 'zhangsan'): Promise<Answer> =>
    receiver.call('kf/service_state/trans', {
      ...WHO,
      service_state: to,
      ...(to === 3 ? { servicer_userid: servicer } : {}),
    });
  const state = async (): Promise<unknown> =>
    (await receiver.call('kf/service_state/get', WHO)).service_state;
  const send = async (): Promise<number> => {
    const body = { touser: 'wm1', open_kfid: KF, msgtype: 'text', text: { content: 'a' } };
    return (await receiver.call('kf/send_msg', body)).errcode;
  };
  const onEvent = async (code: unknown, more: object = {}): Promise<number> => {
    const body = { code, msgtype: 'text', text: { content: 'a' }, ...more };
    return (await receiver.call('kf/send_msg_on_event', body)).errcode;
  };

  for (const from of [0, 1, 2, 3, 4]) {
    it(`move from ${from} to [${ALLOWED[from]?.join(', ') ?? ''}] only`, async () => {
      for (const to of [-1, 0, 1, 2, 3, 4, 5]) {
        // A state that was left is entered anew: ended first, which the next message reopens.
        if ((await state()) !== 4) await move(4);
        await write();
        if (from > 0) expect((await move(from)).errcode).to.equal(0);
        const allowed = ALLOWED[from]?.includes(to) === true;
        expect((await move(to)).errcode, `to ${to}`).to.equal(allowed ? 0 : 95016);
        expect(await state()).to.equal(allowed ? to : from);
      }
    });
  }

  it('let the API send in states 0 and 1 only', async () => {
    await write();
    expect(await send()).to.equal(0);
    await move(1);
    expect(await send()).to.equal(0);
    await move(2);
    expect(await send()).to.equal(95018);
    await move(3);
    expect(await send()).to.equal(95018);
    await move(4);
    expect(await send()).to.equal(95013);
    await write();
    expect(await state()).to.equal(0);
    expect(await send()).to.equal(0);
  });

  it('end after 48 hours without a message', async () => {
    await write();
    await move(1);
    receiver.clock.value += 48 * 3_600_000 + 1;
    expect(await state()).to.equal(4);
  });

  it('are given to people who serve, and to nobody else', async () => {
    await write();
    expect((await move(3, 'lisi')).errcode).to.equal(95014);
    expect((await move(3, '')).errcode).to.equal(40058);
    await event('agent-off');
    expect((await move(3)).errcode).to.equal(95019);
    const list = await receiver.call(`kf/servicer/list?open_kfid=${KF}`);
    expect(list.servicer_list).to.deep.equal([{ userid: 'zhangsan', status: 1 }]);
    await event('agent-on');
    expect((await move(3)).errcode).to.equal(0);
    expect(await receiver.call('kf/service_state/get', WHO)).to.include({
      service_state: 3,
      servicer_userid: 'zhangsan',
    });
  });

  it('welcome once in 48 hours, within 20 seconds, with one message', async () => {
    const codeOf = async (): Promise<unknown> => {
      await receiver.simulator.phone('wm1').do({ kind: 'join' });
      const { items } = await receiver.pull();
      return (items.at(-1)?.event as Record<string, unknown>).welcome_code;
    };
    const first = await codeOf();
    receiver.clock.value += 20_001;
    expect(await onEvent(first)).to.equal(40029);
    const second = await codeOf();
    expect(await onEvent(second, { msgtype: 'image', image: { media_id: 'x' } })).to.equal(95030);
    expect(await onEvent(second)).to.equal(0);
    expect(await onEvent(second)).to.equal(40029);
    expect(await codeOf()).to.equal(undefined);
    receiver.clock.value += 48 * 3_600_000 + 1;
    expect(await codeOf()).to.be.a('string');
    await write();
    expect(await codeOf()).to.equal(undefined);
  });

  it('give codes for the queue and the end, good only while the session is there', async () => {
    await write();
    const queued = (await move(2)).msg_code;
    const menu = { msgtype: 'msgmenu', msgmenu: { head_content: 'h' } };
    expect(await onEvent(queued, menu)).to.equal(95030);
    await move(3);
    expect(await onEvent(queued)).to.equal(95018);
    const ended = (await move(4)).msg_code;
    expect(await onEvent(ended, menu)).to.equal(0);
    expect(await onEvent(undefined)).to.equal(40029);
  });

  it('tell what people on duty do', async () => {
    await write();
    await move(2);
    await event('agent-takes', 'lisi');
    await event('agent-takes', 'wangwu');
    await event('agent-ends');
    await event('agent-takes');
    const { items } = await receiver.pull();
    const changes = items.slice(1).map((i) => i.event as Record<string, unknown>);
    expect(
      changes.map((c) => [c.change_type, c.old_servicer_userid, c.new_servicer_userid]),
    ).to.deep.equal([
      [1, undefined, 'lisi'],
      [2, 'lisi', 'wangwu'],
      [3, 'wangwu', undefined],
      [4, undefined, 'zhangsan'],
    ]);
    expect(changes[0]?.msg_code).to.be.a('string');
    expect(changes[2]?.msg_code).to.be.a('string');
  });
});
