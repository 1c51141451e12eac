import { expect } from 'chai';
import { watched } from '../../support/outgoing.ts';
import { bot, shown, startStage, type Stage } from './stage.ts';

describe('wecom: faults', () => {
  let stage: Stage;
  beforeEach(async () => {
    stage = await startStage();
  });
  afterEach(() => stage.stop());

  /** Faults for the first calls of a name, in order. */
  function first(name: string, ...codes: readonly (number | undefined)[]): void {
    const left = [...codes];
    stage.fault = (call) => (call === name ? left.shift() : undefined);
  }

  it('a lost callback loses nothing: the next pull by the clock brings it', async () => {
    await stage.say('一');
    stage.simulator.connect('http://127.0.0.1:1/');
    expect(await stage.phone.do({ kind: 'text', text: '二' })).to.equal(false);
    expect(stage.inbounds).to.have.length(1);
    stage.tick();
    await stage.until('it is answered', () => stage.phone.screen.length === 2);
    expect(stage.phone.screen.at(-1)?.text).to.equal('echo 二');
  });

  it('a token of a callback that is over is not used again', async () => {
    await stage.say('一');
    first('kf/sync_msg', 95007);
    expect(shown(await stage.say('二'))).to.deep.equal(['text: echo 二']);
  });

  it('pulls go on after the provider was busy or broken', async () => {
    first('kf/sync_msg', -1, 500, 503);
    expect(shown(await stage.say('一'))).to.deep.equal(['text: echo 一']);
    first('kf/sync_msg', 48002);
    await stage.phone.do({ kind: 'text', text: '二' });
    await stage.until('it is seen', () => !stage.channel.health!().ok);
    expect(stage.channel.health!().notes.join()).to.contain('48002');
    stage.tick();
    await stage.until('it is answered', () => stage.phone.screen.length === 2);
    expect(stage.channel.health!().ok).to.equal(true);
  });

  it('a send with an unknown outcome is repeated with the same id: one bubble', async () => {
    first('kf/send_msg', 500, 502);
    await stage.say('一');
    expect(stage.phone.screen).to.have.length(1);
    expect(stage.calls.filter((c) => c === 'kf/send_msg')).to.have.length(3);
  });

  it('an answer that was lost after the message had arrived: one bubble, one record', async () => {
    await stage.stop();
    let cut = 0;
    stage = await startStage({
      fetch: async (input, init) => {
        const response = await fetch(input, init);
        if (!(input as string).includes('/kf/send_msg?') || cut > 0) return response;
        cut += 1;
        await response.arrayBuffer();
        throw Object.assign(new TypeError('terminated'), { code: 'ECONNRESET' });
      },
    });
    expect(shown(await stage.say('一'))).to.deep.equal(['text: echo 一']);
    await stage.until('it is settled', async () => (await stage.store.outbox.backlog()) === 0);
    expect(stage.phone.screen).to.have.length(1);
    expect(await stage.store.outbox.undelivered()).to.deep.equal([]);
  });

  it('too often: tried again later, in the same form', async () => {
    stage.answer = () => [bot('一'), bot('二', { choices: [{ value: 'a', title: 'A' }] })];
    first('kf/send_msg', 45009);
    const bubbles = await stage.say('问');
    expect(shown(bubbles)).to.deep.equal(['menu: 一\n二 [A]']);
    await stage.until('both are settled', async () => (await stage.store.outbox.backlog()) === 0);
    expect(stage.phone.screen).to.have.length(1);
  });

  it('a try that failed pays once', async () => {
    stage.answer = () => [bot('x'.repeat(2000)), bot('y'.repeat(2000)), bot('z'.repeat(2000))];
    first('kf/send_msg', undefined, 45009);
    await stage.say('问', 3);
    expect(await stage.store.channelState('wecom').get('budget:default:wkAJ2GCAAASSm4:wmCustomer'))
      .to.be.an('array')
      .and.nested.property('[0].left', 2);
    expect(stage.phone.screen.map((b) => b.text[0])).to.deep.equal(['x', 'y', 'z']);
    expect(stage.simulator.refused).to.deep.equal([]);
  });

  it('50 customers at the moment of expiry make one token call', async () => {
    const phones = Array.from({ length: 50 }, (_, i) => stage.simulator.phone(`wm${i}`));
    await stage.say('一');
    stage.pass(7_300_000);
    stage.calls.length = 0;
    await Promise.all(phones.map((phone) => phone.do({ kind: 'text', text: '你好' })));
    await stage.until('all are answered', () => phones.every((p) => p.screen.length === 1));
    expect(stage.calls.filter((c) => c === 'gettoken')).to.have.length(1);
  });

  it('a wrong secret shows in the health with a hint, and nothing secret', async () => {
    await stage.stop();
    stage = await startStage({ env: { WECOM_KF_SECRET: 'WRONG-SECRET' } });
    await stage.phone.do({ kind: 'text', text: '你好' });
    await stage.until('it is seen', () => !stage.channel.health!().ok);
    const notes = stage.channel.health!().notes.join('\n');
    expect(notes).to.contain('WECOM_KF_SECRET must be');
    expect(notes + stage.logged.join('\n')).not.to.contain('WRONG-SECRET');
  });

  it('an address that is not allowed shows in the health with what to do', async () => {
    stage.fault = () => 60020;
    await stage.phone.do({ kind: 'text', text: '你好' });
    await stage.until('it is seen', () => !stage.channel.health!().ok);
    expect(stage.channel.health!().notes.join()).to.contain('企业可信IP');
  });

  it('after a crash between the sends of an answer it goes on, and nothing comes twice', async () => {
    stage.answer = ({ content }) =>
      content.kind === 'text' && content.text === '问'
        ? ['a', 'b', 'c'].map((c) => bot(c.repeat(2000)))
        : [bot('ok')];
    let release = (): void => undefined;
    let sends = 0;
    // The second send arrives, its answer never does.
    await stage.stop();
    const answer = stage.answer;
    const held = new Promise<void>((resolve) => (release = resolve));
    stage = await startStage({
      fetch: async (input, init) => {
        const response = await fetch(input, init);
        if ((input as string).includes('/kf/send_msg?')) {
          sends += 1;
          if (sends === 2) {
            await held;
            throw new TypeError('the process is gone');
          }
        }
        return response;
      },
    });
    stage.answer = answer;
    await stage.say('问', 2);
    await stage.crash();
    release();
    await stage.until('the third is there', () => stage.phone.screen.length === 3);
    await stage.until('all are settled', async () => (await stage.store.outbox.backlog()) === 0);
    expect(stage.phone.screen.map((b) => b.text[0])).to.deep.equal(['a', 'b', 'c']);
    expect(await stage.store.outbox.undelivered()).to.deep.equal([]);
  });

  it('40 customers with lost answers and a busy provider: each answer once, in order', async () => {
    await stage.stop();
    let lost = 0;
    let calls = 0;
    stage = await startStage({
      fetch: async (input, init) => {
        const response = await fetch(input, init);
        calls += 1;
        if (calls % 7 !== 0 || !(input as string).includes('/kf/')) return response;
        lost += 1;
        await response.arrayBuffer();
        throw new TypeError('terminated');
      },
    });
    let asked = 0;
    stage.fault = () => ((asked += 1) % 11 === 0 ? [-1, 500, 503][asked % 3] : undefined);
    const phones = Array.from({ length: 40 }, (_, i) => stage.simulator.phone(`wm${i}`));
    for (const text of ['1', '2', '3']) {
      await Promise.all(phones.map((phone) => phone.do({ kind: 'text', text })));
    }
    await stage.until(
      'all are answered',
      () => phones.every(({ screen }) => screen.length >= 3),
      15_000,
    );
    await stage.until('all are settled', async () => (await stage.store.outbox.backlog()) === 0);
    for (const { screen } of phones) {
      expect(screen.map((b) => b.text)).to.deep.equal(['echo 1', 'echo 2', 'echo 3']);
    }
    expect(lost).to.be.greaterThan(10);
    expect(await stage.store.outbox.undelivered()).to.deep.equal([]);
  }).timeout(20_000);

  it('a reply to an account that is gone is undeliverable', async () => {
    const reply = watched(bot('x'));
    const to = { channel: 'wecom', account: 'gone', conversation: 'a:b', user: 'b' };
    await stage.channel.deliverAll!([reply.outgoing], to);
    const settled = reply.settled();
    expect(settled.state === 'failed' && settled.error.code).to.equal('wecom-account');
  });
});
