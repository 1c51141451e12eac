import { expect } from 'chai';
import { KF, startStage, type Stage } from './stage.ts';

describe('wecom: pulling', () => {
  let stage: Stage;
  afterEach(() => stage.stop());

  const cursor = (): Promise<unknown> =>
    stage.store.channelState('wecom').get(`cursor:default:${KF}`);
  const texts = (): string[] =>
    stage.inbounds.map(({ content: c }) => (c.kind === 'text' ? c.text : c.kind));

  it('at the very first pull what is older than 10 minutes is skipped, the rest answered', async () => {
    stage = await startStage({
      before: async (simulator, pass) => {
        for (let i = 0; i < 30; i += 1) {
          await simulator.phone(`wm${i}`).do({ kind: 'text', text: 'old' });
        }
        pass(601_000);
        await simulator.phone('wmNew').do({ kind: 'text', text: 'new' });
      },
    });
    await stage.say('now');
    expect(texts()).to.deep.equal(['new', 'now']);
    expect(stage.simulator.refused.filter((r) => r.call !== 'callback')).to.deep.equal([]);
  });

  it('the cursor is stored with the messages, and nothing comes twice after a restart', async () => {
    stage = await startStage();
    await stage.say('一');
    await stage.until('it is stored', async () => (await cursor()) !== undefined);
    expect(await cursor()).to.have.all.keys('cursor');
    await stage.crash();
    await stage.until(
      'it has pulled',
      () => stage.calls.filter((c) => c === 'kf/sync_msg').length > 1,
    );
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(texts()).to.deep.equal(['一']);
    expect(stage.phone.screen).to.have.length(1);
  });

  it('messages are never stored without the cursor, nor the cursor without them', async () => {
    stage = await startStage();
    await stage.say('一');
    const before = await cursor();
    const { inbox } = stage.store;
    const acceptAll = inbox.acceptAll.bind(inbox);
    let broken = 2;
    inbox.acceptAll = (...args) => {
      broken -= 1;
      if (broken >= 0) return Promise.reject(new Error('disk'));
      return acceptAll(...args);
    };
    await stage.phone.do({ kind: 'text', text: '二' });
    await stage.until('it failed', () => !stage.channel.health!().ok);
    expect(await cursor()).to.deep.equal(before);
    stage.tick();
    await stage.until('it failed again', () => broken === 0);
    stage.tick();
    await stage.until('it is there', () => stage.phone.screen.length === 2);
    expect(texts()).to.deep.equal(['一', '二']);
  });

  it('pulls of one account never overlap; all that comes meanwhile is brought by the next', async () => {
    let running = 0;
    let most = 0;
    stage = await startStage({
      fetch: async (input, init) => {
        if (!(input as string).includes('/kf/sync_msg?')) return fetch(input, init);
        running += 1;
        most = Math.max(most, running);
        try {
          const response = await fetch(input, init);
          await new Promise((resolve) => setTimeout(resolve, 20));
          return response;
        } finally {
          running -= 1;
        }
      },
    });
    await Promise.all(
      Array.from({ length: 20 }, (_, i) => stage.phone.do({ kind: 'text', text: String(i) })),
    );
    await stage.until('all are there', () => stage.inbounds.length === 20);
    expect(most).to.equal(1);
    expect(new Set(texts()).size).to.equal(20);
    expect(stage.calls.filter((c) => c === 'kf/sync_msg').length).to.be.lessThan(20);
  });

  it('stop waits for the pull in hand', async () => {
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    let ended = false;
    stage = await startStage({
      fetch: async (input, init) => {
        if (!(input as string).includes('/kf/sync_msg?')) return fetch(input, init);
        await held;
        const response = await fetch(input, init);
        ended = true;
        return response;
      },
    });
    await stage.phone.do({ kind: 'text', text: '一' });
    await stage.until('it pulls', () => stage.calls.includes('gettoken'));
    const stopping = stage.channel.stop().then(() => ended);
    setTimeout(release, 20);
    expect(await stopping).to.equal(true);
  });

  it('two 客服 accounts are two conversations of one customer', async () => {
    stage = await startStage();
    await stage.say('一');
    const other = stage.simulator.phone('wmCustomer@wkAJ2GCAAASSm5');
    await other.do({ kind: 'text', text: '二' });
    await stage.until('both are there', () => stage.inbounds.length === 2);
    expect(stage.inbounds.map((i) => i.address.conversation)).to.deep.equal([
      `${KF}:wmCustomer`,
      'wkAJ2GCAAASSm5:wmCustomer',
    ]);
    expect(await stage.store.channelState('wecom').get('kfids:default')).to.deep.equal([
      KF,
      'wkAJ2GCAAASSm5',
    ]);
  });

  it('an account that WeCom does not know is named, and not pulled again', async () => {
    stage = await startStage();
    await stage.store.channelState('wecom').set('kfids:default', ['wkGone', KF]);
    await stage.crash();
    const known = (): Promise<unknown> => stage.store.channelState('wecom').get('kfids:default');
    await stage.until('it is forgotten', async () => JSON.stringify(await known()) === `["${KF}"]`);
    const { ok, notes } = stage.channel.health!();
    expect(notes.join('\n')).to.contain('wkGone');
    expect(ok).to.equal(true);
    await stage.say('hi');
    expect(texts()).to.deep.equal(['hi']);
  });
});
