import { expect } from 'chai';
import type { Content } from '../../src/app.ts';
import type { ScoredIntent } from '../../src/message.ts';
import { consideredAgain } from '../../src/turn/look-again.ts';
import type { Parts } from '../../src/turn/parts.ts';
import { shopContent } from '../support/content.ts';
import { openDesk, type TestDesk } from '../support/desk.ts';

const PLAIN: readonly ScoredIntent[] = [{ intent: 'plain', score: 0.2 }];
const AGAIN: readonly ScoredIntent[] = [{ intent: 'again', score: 0.9 }];

describe('considering a message again', () => {
  let content: Content;
  let desk: TestDesk;
  before(async function () {
    this.timeout(60_000);
    content = await shopContent();
    desk = await openDesk(content);
  });
  after(() => desk.stop());

  const parts = (lookAgain?: Parts['lookAgain']): Parts => ({
    ...desk.engine.parts,
    recognize: () => PLAIN,
    ...(lookAgain === undefined ? {} : { lookAgain }),
  });
  /** Looks at some texts and tells what they were taken for. */
  const read =
    (...texts: string[]) =>
    (using: Parts) =>
      texts.map((text) => using.recognize(text, 'en')[0]?.intent);

  it('takes what the second look found, text by text', async () => {
    const seen = await consideredAgain(
      parts((text) => (text === 'b' ? () => Promise.resolve(AGAIN) : undefined)),
      read('a', 'b'),
    );
    expect(seen).to.deep.equal(['plain', 'again']);
  });

  it('runs once where nothing is unsure, or there is no second look, or it finds nothing', async () => {
    for (const look of [undefined, () => undefined, () => () => Promise.resolve(undefined)]) {
      let runs = 0;
      const seen = await consideredAgain(parts(look), (using) => {
        runs += 1;
        return read('a')(using);
      });
      expect([runs, seen]).to.deep.equal([1, ['plain']]);
    }
  });

  it('looks again at four texts of a turn at most, and at each once', async () => {
    const looked: string[] = [];
    const look: Parts['lookAgain'] = (text) => () => {
      looked.push(text);
      return Promise.resolve(AGAIN);
    };
    await consideredAgain(parts(look), read('a', 'b', 'a', 'c', 'd', 'e', 'f'));
    expect(looked).to.deep.equal(['a', 'b', 'c', 'd']);
  });

  it('turns a message that the plain model does not know into the task it means', async () => {
    const { parts: own } = desk.engine;
    const odd = 'the shoes pinch, get rid of them for me';
    const again: readonly ScoredIntent[] = [{ intent: 'order.return', score: 0.95 }];
    const seen: string[] = [];
    Object.assign(own, {
      lookAgain: (text: string) => () => {
        seen.push(text);
        return Promise.resolve(again);
      },
    });
    try {
      await desk.say(odd);
      expect(seen).to.include(odd);
      expect(own.dialogs.active(desk.session().stack)?.id).to.equal('return-order');
    } finally {
      Object.assign(own, { lookAgain: undefined });
    }
  });
});
