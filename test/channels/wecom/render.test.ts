import { expect } from 'chai';
import fc from 'fast-check';
import {
  bubblesOf,
  linkBody,
  menuBody,
  textBody,
  type Bubble,
} from '../../../channels/wecom/render.ts';
import { messageIdOf } from '../../../channels/wecom/send.ts';
import type { Reply } from '../../../src/message.ts';

const addressOf = (url: string): string | undefined => (url.startsWith('http') ? url : undefined);
const choice = fc.record({
  value: fc.string({ maxLength: 90 }),
  title: fc.string({ maxLength: 90 }),
});
const reply: fc.Arbitrary<Reply> = fc.record({
  from: fc.constant('bot' as const),
  text: fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 40 }),
    fc.constantFrom('', ' ', '好'.repeat(500), '长句。'.repeat(400), '👨‍👩‍👧‍👦'.repeat(200)),
  ),
  choices: fc.oneof(fc.constant([]), fc.array(choice, { maxLength: 13 })),
  attachments: fc.array(
    fc.constant({
      kind: 'image',
      name: 'p',
      contentType: 'image/png',
      url: 'https://x/p',
    } as const),
    { maxLength: 2 },
  ),
  cards: fc.array(fc.constant({ title: 'T', text: 'x', url: 'https://x/' }), { maxLength: 2 }),
});

/** The fields that go out, checked against the limits of path/94677. */
function checkLimits({ form }: Bubble): void {
  const bytes = (text: string): number => Buffer.byteLength(text);
  if (form.kind === 'text') expect(bytes(form.text)).to.be.within(1, 2048);
  if (form.kind !== 'menu') return;
  const { msgmenu } = menuBody(form.head, form.items) as {
    msgmenu: { head_content?: string; list: { click: { id: string; content: string } }[] };
  };
  expect(bytes(msgmenu.head_content ?? '')).to.be.at.most(1024);
  expect(msgmenu.list.length).to.be.within(1, 10);
  for (const { click } of msgmenu.list) {
    expect(bytes(click.id)).to.be.within(1, 64);
    expect(bytes(click.content)).to.be.within(1, 128);
  }
}

describe('wecom: rendering', () => {
  for (const density of [0, 1, 2] as const) {
    it(`at density ${density} it keeps to the limits and shows every reply that shows something`, () => {
      fc.assert(
        fc.property(fc.array(reply, { maxLength: 6 }), (replies) => {
          const bubbles = bubblesOf(replies, density, addressOf);
          bubbles.forEach(checkLimits);
          const seen = new Set(bubbles.flatMap(({ of }) => of));
          replies.forEach((r, i) => {
            const said =
              r.text.trim() !== '' ||
              [r.choices, r.attachments, r.cards].some((l) => l!.length > 0);
            if (said) expect(seen.has(i)).to.equal(true);
          });
          const order = bubbles.map(({ of }) => of[0]!);
          expect(order).to.deep.equal(order.toSorted((a, b) => a - b));
        }),
      );
    });
  }

  it('fewer messages with each density', () => {
    fc.assert(
      fc.property(fc.array(reply, { maxLength: 6 }), (replies) => {
        const [loose, close, closest] = ([0, 1, 2] as const).map(
          (d) => bubblesOf(replies, d, addressOf).length,
        );
        expect(closest).to.be.at.most(close!);
        expect(closest).to.be.at.most(Math.max(loose!, 1) + 3);
      }),
    );
  });

  it('what follows a message already sent is made the same without it', () => {
    fc.assert(
      fc.property(fc.array(reply, { minLength: 1, maxLength: 6 }), fc.nat(63), (replies, gaps) => {
        const begins = (index: number): boolean => ((gaps >> index) & 1) === 1;
        const bubbles = bubblesOf(replies, 0, addressOf, begins);
        for (const [at, bubble] of bubbles.entries()) {
          const first = bubble.of[0]!;
          if (bubbles.slice(0, at).some(({ of }) => of.includes(first))) continue;
          const rest = bubblesOf(replies.slice(first), 0, addressOf, (i) => begins(first + i)).map(
            ({ form }) => form,
          );
          expect(rest).to.deep.equal(bubbles.slice(at).map(({ form }) => form));
        }
      }),
    );
  });

  it('a long text before a menu is split, its end heads the menu', () => {
    const text = '一二三四五六七八九十。'.repeat(80);
    const bubbles = bubblesOf(
      [{ from: 'bot', text, choices: [{ value: 'a', title: 'A' }] }],
      0,
      addressOf,
    );
    const said = bubbles.map(({ form }) =>
      form.kind === 'text' ? form.text : form.kind === 'menu' ? form.head : '',
    );
    expect(said.join('')).to.equal(text);
    expect(bubbles.map(({ form }) => form.kind)).to.deep.equal(['text', 'menu']);
  });

  it('titles too long are shortened between characters, empty ones shown', () => {
    const { msgmenu } = menuBody('', [
      { value: 'a', title: '退'.repeat(60) },
      { value: 'b', title: '' },
    ]) as { msgmenu: { list: { click: { content: string } }[] } };
    expect(msgmenu.list.map((i) => i.click.content)).to.deep.equal([`${'退'.repeat(41)}…`, '…']);
    expect(msgmenu).not.to.have.property('head_content');
  });

  it('a link and a text keep to their limits', () => {
    const { link } = linkBody(
      { title: 't'.repeat(200), text: 'd'.repeat(600) },
      'https://x/',
      'm',
    ) as {
      link: { title: string; desc: string };
    };
    expect([Buffer.byteLength(link.title), Buffer.byteLength(link.desc)]).to.deep.equal([128, 512]);
    expect(
      (textBody('x'.repeat(3000)) as { text: { content: string } }).text.content,
    ).to.have.length(2048);
  });

  it('ids are the key itself, or at most 32 of its characters and a suffix, all different', () => {
    const key = '0123456789abcdef0123456789abcdef';
    const ids = ([0, 1, 2] as const).flatMap((d) =>
      Array.from({ length: 100 }, (_, n) => messageIdOf(key, n, d)),
    );
    expect(ids[0]).to.equal(key);
    expect(new Set(ids).size).to.equal(300);
    for (const id of ids) expect(id).to.match(/^[\w-]{1,32}$/);
  });
});
