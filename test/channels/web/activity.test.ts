import { expect } from 'chai';
import fc from 'fast-check';
import { activitySet, readWatermark } from '../../../channels/web/activity.ts';
import type { Line, Reply } from '../../../src/message.ts';

describe('readWatermark', () => {
  it('takes empty and - as the beginning, and refuses garbage', () => {
    expect([null, '', '-', '0', '17'].map(readWatermark)).to.deep.equal([0, 0, 0, 0, 17]);
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const got = readWatermark(text);
        expect(got === undefined || Number.isSafeInteger(got)).to.equal(true);
      }),
    );
  });
});

describe('what the bot says', () => {
  function shown(reply: Reply): Record<string, unknown> {
    const line: Line = { kind: 'out', seq: 2, to: 1, at: 0, inbound: 'm', reply };
    const rendering = {
      conv: 'c',
      base: 'https://chat.example',
      wording: (key: string, lang: string) => `${key} ${lang}`,
    };
    return activitySet([line], 0, rendering).activities[0] as Record<string, unknown>;
  }

  it('shows files and cards as attachments, ours at the address that the client uses', () => {
    const { attachments } = shown({
      from: 'bot',
      text: '请看图',
      attachments: [
        { kind: 'image', name: 'a.png', contentType: 'image/png', url: '/channels/web/files/1' },
        { kind: 'file', name: 'b.pdf', contentType: 'application/pdf', url: 'https://x.example/b' },
      ],
      cards: [
        { title: 'T', text: 'X', image: '/i', url: 'https://x.example/go' },
        { title: 'bare' },
      ],
    });
    expect(attachments).to.deep.equal([
      {
        name: 'a.png',
        contentType: 'image/png',
        contentUrl: 'https://chat.example/channels/web/files/1',
      },
      { name: 'b.pdf', contentType: 'application/pdf', contentUrl: 'https://x.example/b' },
      {
        contentType: 'application/vnd.microsoft.card.hero',
        content: {
          title: 'T',
          text: 'X',
          images: [{ url: 'https://chat.example/i' }],
          buttons: [{ type: 'openUrl', value: 'https://x.example/go', title: 'web.open zh' }],
        },
      },
      { contentType: 'application/vnd.microsoft.card.hero', content: { title: 'bare' } },
    ]);
  });

  it('has no attachments where there are none', () => {
    expect(shown({ from: 'bot', text: 'hi', cards: [] })).to.not.have.property('attachments');
  });
});
