import { expect } from 'chai';
import { bot, shown, startStage, type Stage } from './stage.ts';

describe('wecom: people', () => {
  let stage: Stage;
  beforeEach(async () => {
    stage = await startStage();
    stage.answer = ({ content }) => {
      if (content.kind === 'agent') return [bot('我回来了')];
      if (content.kind === 'event') return content.name === 'join' ? [bot('欢迎')] : [];
      if (content.kind !== 'text')
        return [bot(`chose ${content.kind === 'choice' ? content.value : ''}`)];
      if (content.text === '人工') return [bot('好的'), bot('正在转接', { key: 'handoff.queued' })];
      if (content.text === '不用了') return [bot('已取消', { key: 'handoff.withdrawn' })];
      return [bot(`echo ${content.text}`)];
    };
  });
  afterEach(() => stage.stop());

  const act = (name: string, key?: string): Promise<boolean> =>
    stage.phone.do({ kind: 'event', name, ...(key === undefined ? {} : { key }) });
  const names = (): unknown[] =>
    stage.inbounds.map(({ content: c }) => (c.kind === 'event' ? c.name : c.kind));
  const undelivered = async (): Promise<string[]> =>
    (await stage.store.outbox.undelivered()).map((u) => u.error.slice(0, 40));

  it('passes the session to the pool, with the last words as the notice', async () => {
    expect(shown(await stage.say('人工', 2))).to.deep.equal(['text: 好的', 'text: 正在转接']);
    expect(stage.calls.slice(-3)).to.deep.equal([
      'kf/send_msg',
      'kf/service_state/trans',
      'kf/send_msg_on_event',
    ]);
    expect(stage.simulator.refused).to.deep.equal([]);
  });

  it('a bare event for machines passes it on too, with our own words', async () => {
    stage.answer = () => [bot('', { event: { name: 'handoff.initiate', value: {} } })];
    expect(shown(await stage.say('人工'))).to.deep.equal(['text: queue-zh']);
  });

  it('is silent while the customer waits and while a person serves, and records both', async () => {
    await stage.say('人工', 2);
    await stage.phone.do({ kind: 'text', text: '还在吗' });
    await stage.until('the reply is dead', async () => (await undelivered()).length === 1);
    expect(await undelivered()).to.deep.equal(['The customer waits for a person: WeCom l']);
    await act('agent-takes', 'zhangsan');
    await stage.phone.do({ kind: 'text', text: '您好' });
    await act('agent-writes', '我是小张');
    await stage.until('all are there', () => stage.inbounds.length === 5);
    expect(names()).to.deep.equal([
      'text',
      'text',
      'wecom.session-status',
      'wecom.with-human',
      'wecom.agent',
    ]);
    expect(stage.inbounds.at(-1)?.content).to.deep.equal({
      kind: 'event',
      name: 'wecom.agent',
      value: { agent: 'zhangsan', type: 'text', text: '我是小张', fromCustomer: false },
    });
    expect(stage.simulator.refused).to.deep.equal([]);
  });

  it('after the end the bot has the last words, with the question how it was; the tap is recorded', async () => {
    await stage.say('人工', 2);
    await act('agent-takes');
    const before = stage.phone.screen.length;
    await act('agent-ends');
    await stage.until('the end is said', () => stage.phone.screen.length > before);
    expect(shown(stage.phone.screen.slice(before))).to.deep.equal([
      'menu: 我回来了\nrate-zh [rate-good-zh, rate-fair-zh, rate-poor-zh]',
    ]);
    await stage.phone.do({ kind: 'tap', id: stage.phone.screen.at(-1)!.items[1]!.id });
    await stage.until('the tap is there', () => stage.inbounds.length === 4);
    expect(stage.inbounds.at(-1)?.content).to.deep.equal({
      kind: 'event',
      name: 'wecom.rating',
      value: 2,
    });
    expect(shown(await stage.say('又来了'))).to.deep.equal(['text: echo 又来了']);
    expect(await undelivered()).to.deep.equal([]);
    expect(stage.simulator.refused).to.deep.equal([]);
  });

  it('asks how it was even where the bot has nothing to say', async () => {
    stage.answer = () => [];
    await stage.phone.do({ kind: 'text', text: '您好' });
    await act('agent-takes');
    await act('agent-ends');
    await stage.until('it is asked', () => stage.phone.screen.length === 1);
    expect(shown(stage.phone.screen)).to.deep.equal([
      'menu: rate-zh [rate-good-zh, rate-fair-zh, rate-poor-zh]',
    ]);
  });

  it('who does not want to wait any more gets the session ended', async () => {
    await stage.say('人工', 2);
    expect(shown(await stage.say('不用了'))).to.deep.equal(['text: 已取消']);
    expect(shown(await stage.say('好'))).to.deep.equal(['text: echo 好']);
    expect(stage.simulator.refused).to.deep.equal([]);
  });

  it('where the pool is off, the words go out as any', async () => {
    await stage.stop();
    stage = await startStage({ env: { WECOM_SERVICE_POOL: 'off' } });
    stage.answer = () => [bot('好的'), bot('正在转接', { key: 'handoff.queued' })];
    expect(shown(await stage.say('人工'))).to.deep.equal(['text: 好的\n正在转接']);
    expect(stage.calls.at(-1)).to.equal('kf/send_msg');
  });

  it('a pool that refuses leaves the words to the usual way', async () => {
    stage.fault = (call) =>
      call === 'kf/service_state/trans' && stage.calls.includes('kf/send_msg') ? 95014 : undefined;
    expect(shown(await stage.say('人工', 2))).to.deep.equal(['text: 好的', 'text: 正在转接']);
  });

  it("a customer whose end we did not hear of is the bot's again", async () => {
    await stage.say('人工', 2);
    stage.pass(49 * 3_600_000);
    await stage.say('还在吗');
    expect(
      stage.inbounds.map(({ content: c }) => (c.kind === 'agent' ? c.action : c.kind)),
    ).to.deep.equal(['text', 'close', 'text']);
  });

  it('95018: says why, how to mend it, and shows it in the health', async () => {
    await stage.say('你好');
    stage.fault = (call) => (call === 'kf/send_msg' ? 95018 : undefined);
    await stage.phone.do({ kind: 'text', text: '在吗' });
    await stage.until(
      'it is dead',
      async () => (await stage.store.outbox.undelivered()).length === 1,
    );
    const [dead] = await stage.store.outbox.undelivered();
    expect(dead?.error).to.contain('接待人员').and.contain('95018').and.contain('Mend it');
    const health = stage.channel.health!();
    expect(health.ok).to.equal(false);
    expect(health.notes.join('\n')).to.contain('Sending was refused');
    stage.pass(11 * 60_000);
    expect(stage.channel.health!().ok).to.equal(true);
  });

  it('a person who took the session a moment ago: refused once, then silent', async () => {
    await stage.say('你好');
    // The event that tells of it is not there yet when the reply goes out.
    stage.fault = (call) => {
      if (call !== 'kf/send_msg') return undefined;
      stage.fault = () => undefined;
      void act('agent-takes');
      return 95018;
    };
    await stage.phone.do({ kind: 'text', text: '在吗' });
    await stage.until(
      'it is dead',
      async () => (await stage.store.outbox.undelivered()).length === 1,
    );
    expect(await undelivered()).to.deep.equal(['A person has the session in WeCom: while']);
  });

  it('a person who goes off duty shows in the health', async () => {
    await stage.say('你好');
    await act('agent-off', 'zhangsan');
    await stage.until('it is there', () => stage.inbounds.length === 2);
    expect(stage.channel.health!().notes.at(-1)).to.equal(
      '1 of 1 known 接待人员 take no customers.',
    );
    expect(stage.channel.health!().ok).to.equal(true);
  });

  it('a message that WeCom lost after it had taken it is recorded with its place', async () => {
    await act('loses', '6');
    await stage.phone.do({ kind: 'text', text: '你好' });
    await stage.until('the loss is there', () => stage.inbounds.length === 2);
    const { content } = stage.inbounds[1]!;
    if (content.kind !== 'event') return expect.fail(content.kind);
    expect(content.name).to.equal('wecom.send-failed');
    expect(content.value).to.include({
      failType: 6,
      line: 2,
      reason: 'more than 5 messages for one of the customer',
    });
    expect(stage.logged.join()).to.contain('could not show');
  });

  it('who enters gets the welcome by its code, before having written anything', async () => {
    await stage.phone.do({ kind: 'join', scene: 'shop' });
    await stage.until('it welcomes', () => stage.phone.screen.length === 1);
    expect(shown(stage.phone.screen)).to.deep.equal(['text: 欢迎']);
    expect(stage.calls).to.include('kf/send_msg_on_event').and.not.include('kf/send_msg');
    const { content } = stage.inbounds[0]!;
    expect(content).to.deep.include({ kind: 'event', name: 'join' });
    expect((content as { value: object }).value).to.include({ scene: 'shop', scene_param: '' });
    expect(stage.simulator.refused).to.deep.equal([]);
  });

  it('who enters without a code is not written to', async () => {
    await stage.say('你好');
    await stage.phone.do({ kind: 'join' });
    await stage.until('it is there', () => stage.inbounds.length === 2);
    await stage.until('the welcome goes out', () => stage.phone.screen.length === 2);
    expect(stage.calls).not.to.include('kf/send_msg_on_event');
  });
});
