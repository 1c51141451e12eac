import { expect } from 'chai';
import { parseScripts } from '../../../src/cli/converse/format.ts';
import type { Mismatch } from '../../../src/cli/converse/play.ts';
import { playSimulated } from '../../../src/cli/converse/stage-simulated.ts';
import { contentClock, NOW, shopContent, silent } from '../../support/content.ts';
import { fakeProvider, type FakeProvider } from './fake-provider.ts';

const play = async (
  how: FakeProvider,
  turns: string,
  lang = 'en',
): Promise<{ wrong: Mismatch | undefined; runs: ReturnType<typeof fakeProvider>['runs'] }> => {
  const content = await shopContent();
  const { definition, simulator, runs } = fakeProvider(how);
  const [script] = parseScripts('t.yaml', `name: t\nlang: ${lang}\nturns:\n${turns}`);
  if (script === undefined) return { wrong: undefined, runs };
  try {
    const wrong = await playSimulated({
      script,
      definition,
      content,
      logger: silent,
      clock: contentClock,
      simulator,
      arrivalMs: 200,
    });
    return { wrong, runs };
  } finally {
    contentClock.set(NOW);
  }
};

describe('cli/converse: through a simulator', function () {
  this.timeout(60_000);

  it('plays texts, taps, pictures and people on duty, and stops what it started', async () => {
    const { wrong, runs } = await play(
      {},
      `
  - bot: /help/i
  - user: I want to return 20261101002
  - expect: { dialog: return-order, slots: { orderId: "20261101002" } }
  - user: { choose: Quality problem }
  - user: { image: box.png }
  - user: talk to a person
  - expect: { handoff: true }
  - agent: I am here
  - bot: I am here
  - user: Good
  - expect: { bubbles: 0 }
  - agent: close
  - expect: { handoff: false, tickets: 0 }
`,
    );
    expect(wrong).to.equal(undefined);
    expect(runs).to.include({ started: 1, stopped: 1 });
    expect(runs.envs[0]).to.include({ FAKE_LANG: 'en' });
  });

  it('tells the channel the language of the script', async () => {
    const { wrong, runs } = await play({}, '  - bot: /您好|你好/', 'zh');
    expect(wrong).to.equal(undefined);
    expect(runs.envs[0]).to.include({ FAKE_LANG: 'zh' });
  });

  it('types the number of a choice that is only written', async () => {
    const { wrong } = await play(
      { numbers: true },
      `
  - user: I want to return 20261101002
  - user: { choose: Changed my mind }
  - expect: { dialog: return-order, slots: { reason: changed-mind } }
`,
    );
    expect(wrong).to.equal(undefined);
  });

  it('finds an exact text among the lines of a merged bubble, and nothing less than a line', async () => {
    const turns = (expected: string): string => `
  - user: talk to a person
  - agent: '${expected === 'half' ? 'One line' : 'Line one'}'
  - bot: Line one
`;
    expect((await play({ merges: true }, turns('whole'))).wrong).to.equal(undefined);
    expect((await play({ merges: true }, turns('half'))).wrong).to.include({
      expected: 'bot: Line one',
    });
  });

  it('says where a message went that was refused, dropped or not delivered', async () => {
    const refused = await play({ refuses: 'hello there' }, '  - user: hello there');
    expect(refused.wrong?.got).to.match(/gave up: callback 500/u);
    const dropped = await play({ drops: 'hello there' }, '  - user: hello there');
    expect(dropped.wrong?.got).to.equal('the channel took no message');
    const rejected = await play({ rejects: 'hello there' }, '  - user: hello there');
    expect(rejected.wrong?.got).to.equal('not delivered: will not');
    for (const { runs } of [refused, dropped, rejected]) expect(runs.stopped).to.equal(1);
  });

  it('lets no broken rule of the provider pass', async () => {
    const { wrong } = await play({ breaks: 'hello there' }, '  - user: hello there');
    expect(wrong?.got).to.equal('send 45002 too long');
  });

  it('names a choice that the phone does not show', async () => {
    const { wrong } = await play({}, '  - user: { choose: A free pony }');
    expect(wrong?.expected).to.equal('a choice "A free pony"');
  });
});
