import { expect } from 'chai';
import fc from 'fast-check';
import { shopContent } from '../support/content.ts';
import { openDesk, type TestDesk } from '../support/desk.ts';

/** Texts that made other engines spend seconds to minutes; see reference figures in the docs of node-nlp. */
const BOMBS: Readonly<Record<string, (n: number) => string>> = {
  'dashed digits': (n) => '1-'.repeat(n / 2),
  spaces: (n) => `a${' '.repeat(n)}b`,
  digits: (n) => '7'.repeat(n),
  'phone-like': (n) => '138 '.repeat(n / 4),
  'mail-like': (n) => 'a@'.repeat(n / 2),
  dots: (n) => 'a.'.repeat(n / 2),
  'zh numerals': (n) => '一百'.repeat(n / 2),
  negations: (n) => '不要'.repeat(n / 2),
  'en negations': (n) => "don't ".repeat(n / 6),
  'date-like': (n) => '2026-11-'.repeat(n / 8),
  corrections: (n) => '不对，'.repeat(n / 3),
  braces: (n) => '{{'.repeat(n / 2),
  combining: (n) => `e${'\u0301'.repeat(n)}`,
  emoji: (n) => '👩‍👩‍👧‍👦'.repeat(n / 11),
};

describe('texts that are made to be slow', function () {
  this.timeout(60_000);
  let desk: TestDesk;

  before(async () => {
    desk = await openDesk(await shopContent());
  });
  after(() => desk.stop());

  for (const [name, bomb] of Object.entries(BOMBS)) {
    it(`${name}: is answered at every length, long before a quadratic parser would be done`, async () => {
      for (const opener of ['取消', '我要退货', '开发票']) {
        await desk.say(opener);
        for (const n of [500, 2000, 8000, 60_000]) {
          expect(await desk.say(bomb(n)), `${opener}, ${n} characters`).not.to.deep.equal([]);
        }
      }
    });
  }
});

describe('any text at all', function () {
  this.timeout(60_000);

  it('is answered, in every state of a dialog, and pollutes nothing', async () => {
    const desk = await openDesk(await shopContent());
    const piece = fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 60 }),
      fc.string({ unit: 'binary', maxLength: 60 }),
      fc.constantFrom('__proto__', 'constructor', '{"__proto__":{"x":1}}', '\u0000', '\ud800'),
      fc.constantFrom(
        '我要退货',
        '20261101002',
        '质量问题',
        '跳过',
        '是',
        '取消',
        '人工',
        '13800000001',
      ),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { minLength: 1, maxLength: 6 }), async (texts) => {
        for (const text of texts) {
          const replies = await desk.say(text);
          expect(replies.length).to.be.greaterThan(0);
          for (const reply of replies) {
            expect(reply.key).not.to.equal('sorry.failed');
            expect(reply.text).not.to.match(/\{[a-z]+\}|undefined|\[object|NaN/iu);
          }
        }
      }),
      { numRuns: 150 },
    );
    expect(({} as Record<string, unknown>).x).to.equal(undefined);
    await desk.stop();
  });
});
