import { expect } from 'chai';
import { activityOf, replyOf } from '../../src/channel/bot-reply.ts';
import type { Reply } from '../../src/message.ts';

const hero = (content: object) => ({
  contentType: 'application/vnd.microsoft.card.hero',
  content,
});

describe('replyOf', () => {
  it('turns media into attachments of their kind', () => {
    const attachments = [
      { contentType: 'image/png', contentUrl: 'https://x.example/a.png', name: 'dir/a.png' },
      { contentType: 'audio/mpeg', contentUrl: '/f/1' },
      { contentType: 'video/mp4', contentUrl: '/f/2', name: 'v.mp4' },
      { contentType: 'application/pdf', contentUrl: '/f/3', name: 'c.pdf' },
      { contentType: 'image/png', name: 'nowhere.png' },
    ];
    expect(replyOf({ text: 'hi', attachments })).to.deep.equal({
      from: 'bot',
      text: 'hi',
      attachments: [
        { kind: 'image', name: 'a.png', contentType: 'image/png', url: 'https://x.example/a.png' },
        { kind: 'audio', name: 'audio', contentType: 'audio/mpeg', url: '/f/1' },
        { kind: 'video', name: 'v.mp4', contentType: 'video/mp4', url: '/f/2' },
        { kind: 'file', name: 'c.pdf', contentType: 'application/pdf', url: '/f/3' },
      ],
    });
  });

  it('turns hero and thumbnail cards into cards', () => {
    const url = { type: 'openUrl', title: 'Go', value: 'https://x.example/go' };
    const cards = [
      hero({
        title: 'T',
        subtitle: 'S',
        text: 'X',
        images: [{}, { url: '/i' }],
        buttons: [{ type: 'imBack', title: 'b', value: 'b' }, url],
        tap: { ...url, value: 'https://x.example/tap' },
      }),
      {
        contentType: 'application/vnd.microsoft.card.thumbnail',
        content: { title: 'T2', subtitle: 'S2', tap: url },
      },
      hero({ text: 'only text', images: [{ url: '/j' }] }),
    ];
    expect(replyOf({ attachments: cards }).cards).to.deep.equal([
      { title: 'T', text: 'X', image: '/i', url: 'https://x.example/go' },
      { title: 'T2', text: 'S2', url: 'https://x.example/go' },
      { title: 'only text', image: '/j' },
    ]);
  });

  it('turns the buttons of cards into choices where nothing else is suggested', () => {
    const buttons = [
      { type: 'imBack', title: 'A', value: 'a' },
      { type: 'postBack', title: 'B', value: 'b' },
      { type: 'messageBack', title: 'C', value: { odd: 1 } },
      { type: 'openUrl', title: 'D', value: 'https://x.example' },
    ];
    const attachments = [hero({ title: 'T', buttons })];
    expect(replyOf({ attachments }).choices).to.deep.equal([
      { title: 'A', value: 'a' },
      { title: 'B', value: 'b' },
      { title: 'C', value: 'C' },
    ]);
    const suggestedActions = { to: [], actions: [{ type: 'imBack', title: 'Z', value: 'z' }] };
    expect(replyOf({ attachments, suggestedActions }).choices).to.deep.equal([
      { title: 'Z', value: 'z' },
    ]);
  });

  it('reads a card of a prompt as text and choices', () => {
    const buttons = [{ type: 'imBack', title: 'A', value: 'a' }];
    expect(replyOf({ attachments: [hero({ text: 'Which?', buttons })] })).to.deep.equal({
      from: 'bot',
      text: 'Which?',
      choices: [{ title: 'A', value: 'a' }],
    });
    expect(replyOf({ text: 'Hm.', attachments: [hero({ text: 'Which?' })] }).text).to.equal(
      'Hm.\nWhich?',
    );
  });

  it('leaves cards out that it does not know, and survives empty ones', () => {
    const adaptive = { contentType: 'application/vnd.microsoft.card.adaptive', content: {} };
    const empty = { contentType: 'application/vnd.microsoft.card.hero' };
    expect(replyOf({ text: 'x', attachments: [adaptive, empty] })).to.deep.equal({
      from: 'bot',
      text: 'x',
    });
  });
});

describe('activityOf', () => {
  it('gives back what replyOf read, with addresses of ours made whole', () => {
    const reply: Reply = {
      from: 'bot',
      text: 'hi',
      choices: [{ title: 'A', value: 'a' }],
      attachments: [{ kind: 'image', name: 'a.png', contentType: 'image/png', url: '/f' }],
      cards: [{ title: 'T', text: 'X', image: '/i', url: '/u' }, { title: 'bare' }],
    };
    expect(replyOf(activityOf(reply))).to.deep.equal(reply);
    expect(replyOf(activityOf(reply, 'https://x.example'))).to.deep.equal({
      ...reply,
      attachments: [{ ...reply.attachments?.[0], url: 'https://x.example/f' }],
      cards: [
        { title: 'T', text: 'X', image: 'https://x.example/i', url: 'https://x.example/u' },
        { title: 'bare' },
      ],
    });
  });

  it('gives events to machines', () => {
    const reply: Reply = { from: 'bot', text: '', event: { name: 'handoff.initiate', value: 1 } };
    expect(activityOf(reply)).to.deep.equal({ type: 'event', name: 'handoff.initiate', value: 1 });
  });
});
