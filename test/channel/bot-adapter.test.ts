import { expect } from 'chai';
import { createTurn, repliesOf, toActivity, TurnAdapter } from '../../src/channel/bot-adapter.ts';
import { Defect } from '../../src/errors.ts';
import type { Content, Inbound } from '../../src/message.ts';

function inbound(content: Content): Inbound {
  return {
    id: 'c1|m1',
    address: { channel: 'web', account: 'default', conversation: 'c1', user: 'u1' },
    content,
    at: Date.UTC(2026, 10, 22),
  };
}

describe('the turn adapter', () => {
  it('buffers what a dialog sends, one answer for each activity', async () => {
    const context = createTurn(inbound({ kind: 'text', text: '你好' }), 'zh');
    const responses = await context.sendActivities([
      { type: 'message', text: 'a' },
      { type: 'typing' },
      { type: 'message', text: 'b' },
    ]);
    expect(responses).to.have.length(3);
    const replies = repliesOf(context.bufferedReplyActivities);
    expect(replies.map((r) => r.text)).to.deep.equal(['a', 'b']);
  });

  it('buffers on the adapter too where a dialog changed the delivery mode', async () => {
    const context = createTurn(inbound({ kind: 'text', text: 'x' }), 'en');
    context.activity.deliveryMode = 'normal';
    const response = await context.sendActivity('hi');
    expect(response).to.deep.equal({ id: '1' });
    const { adapter } = context;
    expect(adapter).to.be.instanceOf(TurnAdapter);
    if (adapter instanceof TurnAdapter) expect(adapter.sent[0]).to.include({ text: 'hi' });
  });

  it('calls what it can not do a defect', async () => {
    const adapter = new TurnAdapter();
    for (const call of [
      () => adapter.updateActivity(),
      () => adapter.deleteActivity(),
      () => adapter.continueConversation(),
      () => adapter.continueConversationAsync(),
    ]) {
      const error = await call().catch((e: unknown) => e);
      expect(error).to.be.instanceOf(Defect);
    }
    expect(
      await adapter.sendActivities(createTurn(inbound({ kind: 'text', text: '' }), 'en'), []),
    ).to.deep.equal([]);
  });
});

describe('toActivity', () => {
  it('turns each kind of content into an activity', () => {
    const text = toActivity(inbound({ kind: 'text', text: '你好' }), 'zh');
    expect(text).to.include({ type: 'message', text: '你好', locale: 'zh-CN', channelId: 'web' });
    expect(text.from.id).to.equal('u1');
    expect(text.recipient.id).to.equal('bot');
    expect(text.conversation.id).to.equal('c1');
    expect(text.deliveryMode).to.equal('expectReplies');
    const tap = toActivity(inbound({ kind: 'choice', value: 'v', text: 'T' }), 'en');
    expect(tap).to.include({ type: 'message', text: 'T', value: 'v', locale: 'en-US' });
    const file = { kind: 'image', name: 'a.png', contentType: 'image/png', url: '/f' } as const;
    const sent = toActivity(inbound({ kind: 'attachment', attachments: [file], text: '' }), 'en');
    expect(sent.attachments?.[0]).to.deep.equal({
      name: 'a.png',
      contentType: 'image/png',
      contentUrl: '/f',
    });
    const event = toActivity(inbound({ kind: 'event', name: 'join' }), 'en');
    expect(event).to.include({ type: 'event', name: 'join' });
  });
});

describe('repliesOf', () => {
  it('reads choices, key, source and events', () => {
    const source = { entry: 'e', revision: '1', score: 0.9 };
    const actions = [
      { type: 'imBack', title: 'A', value: 'a' },
      { type: 'imBack', title: 'B', value: 5 },
    ];
    expect(
      repliesOf([
        { text: 'q', suggestedActions: { to: [], actions }, channelData: { key: 'k', source } },
        { type: 'event', name: 'handoff.initiate', value: { why: 1 } },
        { type: 'trace' },
      ]),
    ).to.deep.equal([
      {
        from: 'bot',
        text: 'q',
        choices: [
          { title: 'A', value: 'a' },
          { title: 'B', value: 'B' },
        ],
        key: 'k',
        source,
      },
      { from: 'bot', text: '', event: { name: 'handoff.initiate', value: { why: 1 } } },
    ]);
  });
});
