import { expect } from 'chai';
import type { Reply } from '../../../src/message.ts';
import { bot, shown, startStage, type Stage } from './stage.ts';

const BUDGET = 'WeCom takes 5 messages in 48 hours for one of the customer';

describe('wecom: answers to several messages', () => {
  let stage: Stage;
  let release: () => void;
  afterEach(() => stage.stop());

  /** The `n`th send is held until `release` is called, then done by `go`. */
  async function held(
    n = 1,
    go: (send: () => Promise<Response>, held: Promise<void>) => Promise<Response> = (send, until) =>
      until.then(send),
  ): Promise<void> {
    const until = new Promise<void>((resolve) => (release = resolve));
    let sends = 0;
    stage = await startStage({
      fetch: (input, init) => {
        const send = (): Promise<Response> => fetch(input, init);
        if (!(input as string).includes('/kf/send_msg?')) return send();
        sends += 1;
        return sends === n ? go(send, until) : send();
      },
    });
  }

  async function write(texts: readonly string[]): Promise<void> {
    for (const text of texts) await stage.phone.do({ kind: 'text', text });
    await stage.until('all are handled', () => stage.inbounds.length === texts.length);
  }

  const settled = (): Promise<void> =>
    stage.until('all are settled', async () => (await stage.store.outbox.backlog()) === 0);
  const texts = (): string[] => stage.phone.screen.map(({ text }) => text);
  const undelivered = (): ReturnType<Stage['store']['outbox']['undelivered']> =>
    stage.store.outbox.undelivered();
  const echo = (long: number) => (inbound: Stage['inbounds'][number]) =>
    inbound.content.kind === 'text' ? [bot(inbound.content.text.repeat(long))] : [];

  it('six in a row are answered by as few bubbles as are left, a blank line between', async () => {
    await held();
    await write(['1', '2', '3', '4', '5', '6']);
    release();
    await settled();
    expect(await undelivered()).to.deep.equal([]);
    expect(texts()).to.deep.equal(['echo 1', 'echo 2\n\necho 3\n\necho 4\n\necho 5\n\necho 6']);
    expect(stage.simulator.refused).to.deep.equal([]);
  });

  it('twelve that came as one page are all answered', async () => {
    const all = Array.from({ length: 12 }, (_, i) => String(i));
    stage = await startStage({
      before: async (simulator) => {
        for (const text of all.slice(0, 11)) {
          await simulator.phone('wmCustomer').do({ kind: 'text', text });
        }
      },
    });
    await stage.phone.do({ kind: 'text', text: '11' });
    await stage.until('all are handled', () => stage.inbounds.length === 12);
    await settled();
    expect(await undelivered()).to.deep.equal([]);
    expect(texts().join('\n\n')).to.equal(all.map((text) => `echo ${text}`).join('\n\n'));
    expect(stage.simulator.refused.filter((r) => r.call !== 'callback')).to.deep.equal([]);
  });

  it('where there is room each answer is a bubble of its own', async () => {
    await held();
    await write(['1', '2', '3']);
    release();
    await settled();
    expect(texts()).to.deep.equal(['echo 1', 'echo 2', 'echo 3']);
  });

  it('where all does not fit, whole answers go out and the rest is undeliverable', async () => {
    await held();
    stage.answer = echo(2000);
    await write(['1', '2', '3', '4', '5', '6']);
    release();
    await settled();
    expect(texts().map((text) => text[0])).to.deep.equal(['1', '2', '3', '4', '5']);
    expect((await undelivered()).map(({ error }) => error)).to.deep.equal([BUDGET]);
    expect(stage.simulator.refused).to.deep.equal([]);
  });

  it('menus of earlier answers become text, the last stays a menu', async () => {
    await held();
    const choices = [{ value: 'a', title: 'A' }];
    stage.answer = ({ content }) =>
      content.kind === 'text' ? [bot(content.text, { choices })] : [];
    await write(['1', '2', '3', '4', '5', '6']);
    release();
    await settled();
    expect(shown(stage.phone.screen)).to.deep.equal([
      'menu: 1 [A]',
      'menu: 2\n1. A\n\n3\n1. A\n\n4\n1. A\n\n5\n1. A\n\n6 [A]',
    ]);
  });

  it('an answer does not use up what the next message needs', async () => {
    const choices = [{ value: 'a', title: 'A' }];
    stage = await startStage({
      before: async (simulator) => {
        await simulator.phone('wmCustomer').do({ kind: 'text', text: 'many' });
      },
    });
    stage.answer = ({ content }) =>
      content.kind === 'text' && content.text === 'many'
        ? ['1', '2', '3', '4', '5'].map((text) => bot(text, { choices }))
        : [bot('next')];
    await stage.phone.do({ kind: 'text', text: 'more' });
    await stage.until('both are handled', () => stage.inbounds.length === 2);
    await settled();
    expect(await undelivered()).to.deep.equal([]);
    expect(texts().at(-1)).to.match(/next$/);
  });

  it('a hand-off behind other answers keeps its own bubbles and its notice', async () => {
    await held();
    stage.answer = ({ content }) => {
      if (content.kind !== 'text') return [];
      return content.text === '人工'
        ? [bot('好的'), bot('正在转接', { key: 'handoff.queued' })]
        : [bot(content.text)];
    };
    await write(['1', '2', '3', '4', '5', '人工']);
    release();
    await settled();
    expect(texts()).to.deep.equal(['1', '2\n\n3\n\n4\n\n5', '好的', '正在转接']);
    expect(await undelivered()).to.deep.equal([]);
  });

  it('merged answers that were sent in part go on after a crash, and nothing comes twice', async () => {
    let release2 = (): void => undefined;
    const second = new Promise<void>((resolve) => (release2 = resolve));
    let sends = 0;
    const first = new Promise<void>((resolve) => (release = resolve));
    stage = await startStage({
      fetch: async (input, init) => {
        const isSend = (input as string).includes('/kf/send_msg?');
        if (isSend) sends += 1;
        const at = sends;
        if (isSend && at === 1) await first;
        const response = await fetch(input, init);
        if (isSend && at === 3) {
          await second;
          throw new TypeError('the process is gone');
        }
        return response;
      },
    });
    stage.answer = echo(900);
    await write(['1', '2', '3', '4', '5', '6']);
    release();
    await stage.until('the third is there', () => stage.phone.screen.length === 3);
    await stage.crash();
    release2();
    await settled();
    const all = (text: string): string => text.repeat(900);
    expect(texts()).to.deep.equal([
      all('1'),
      `${all('2')}\n\n${all('3')}`,
      `${all('4')}\n\n${all('5')}`,
      all('6'),
    ]);
    expect(await undelivered()).to.deep.equal([]);
  });

  it('merged answers that were refused in part for now are tried again in the same form', async () => {
    await held();
    stage.answer = echo(900);
    let sends = 0;
    stage.fault = (call) => (call === 'kf/send_msg' && (sends += 1) === 3 ? 45009 : undefined);
    await write(['1', '2', '3', '4', '5', '6']);
    release();
    await settled();
    expect(texts().map((text) => [text[0], text.at(-1)].join(''))).to.deep.equal([
      '11',
      '23',
      '45',
      '66',
    ]);
    expect(await undelivered()).to.deep.equal([]);
  });

  for (const [what, replies, bubbles] of [
    [
      'a long answer',
      [bot(`${'a'.repeat(2048)}${'b'.repeat(2048)}${'c'.repeat(9)}`)],
      ['a', 'b', 'c'],
    ],
    [
      'a text that was merged with the beginning of an answer of several',
      [bot('a'), bot('b'.repeat(9), { cards: [{ title: 'T', url: 'https://x.example/' }] })],
      ['a', 'T'],
    ],
  ] as readonly [string, readonly Reply[], string[]][]) {
    it(`${what} that broke off in between loses nothing and says nothing twice`, async () => {
      stage = await startStage();
      stage.answer = () => replies;
      let sends = 0;
      stage.fault = (call) => (call === 'kf/send_msg' && (sends += 1) === 2 ? 45009 : undefined);
      await write(['?']);
      await settled();
      expect(texts().map((text) => text[0])).to.deep.equal(bubbles);
      expect(await undelivered()).to.deep.equal([]);
    });
  }

  it('what a refused message does not belong to counts as sent', async () => {
    stage = await startStage();
    const cards = [{ title: 'T', url: 'https://x.example/' }];
    stage.answer = () => [bot('a'), bot('b', { cards })];
    let sends = 0;
    stage.fault = (call) => (call === 'kf/send_msg' && (sends += 1) === 2 ? 40058 : undefined);
    await write(['?']);
    await settled();
    expect(texts()).to.deep.equal(['a\nb']);
    expect((await undelivered()).map(({ reply }) => reply.text)).to.deep.equal(['b']);
  });
});
