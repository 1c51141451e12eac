import { join } from 'node:path';
import { expect } from 'chai';
import type { StartSimulator } from '../../../simulators/simulator.ts';
import type { ChannelDefinition } from '../../../src/channel/channel.ts';
import { discoverChannels } from '../../../src/channel/discovery.ts';
import { parseScripts } from '../../../src/cli/converse/format.ts';
import { playOnEngine } from '../../../src/cli/converse/stage.ts';
import { findSimulators } from '../../../src/cli/simulators.ts';
import { contentClock, NOW, shopContent, silent } from '../../support/content.ts';

const SCRIPTS = `
name: a return with taps and a picture
lang: en
turns:
  - bot: /help/i
  - user: I want to return 20261101002
  - user: { choose: Quality problem }
  - user: { image: box.png }
  - bot: /return/i
  - user: { choose: 'Yes' }
  - expect: { dialog: null, tickets: 1 }
---
name: 文字、图片带字、数字
lang: zh
turns:
  - bot: /您好|你好/
  - user: { image: box.png, text: 我要退货 }
  - user: '20261101002'
  - expect: { dialog: return-order, slots: { orderId: '20261101002' } }
  - user: 取消
  - expect: { dialog: null }
---
name: a person and back
lang: en
turns:
  - user: talk to a person
  - expect: { handoff: true }
  - agent: Hello, I can help
  - bot: Hello, I can help
  - user: Thank you
  - expect: { handoff: true, bubbles: 0 }
  - agent: close
  - expect: { handoff: false }
  - user: How much is shipping?
  - bot: /99/
---
name: days between messages
lang: en
turns:
  - user: How much is shipping?
  - wait: 3d
  - user: How much is shipping?
  - bot: /99/
`;

describe('cli/converse: through the channels of WeChat', function () {
  this.timeout(60_000);
  let channels: ReadonlyMap<string, ChannelDefinition>;
  let simulators: ReadonlyMap<string, StartSimulator>;

  before(async () => {
    const found = await discoverChannels(join(import.meta.dirname, '../../../channels'));
    channels = new Map(found.map((c) => [c.name, c]));
    simulators = await findSimulators([...channels.keys()]);
    await shopContent();
  });

  for (const channel of ['wechat', 'wecom']) {
    for (const script of parseScripts('t.yaml', SCRIPTS)) {
      it(`${channel}: ${script.name}`, async () => {
        expect([...simulators.keys()]).to.include(channel);
        const content = await shopContent();
        try {
          const parts = { content, channels, simulators, logger: silent, clock: contentClock };
          const wrong = await playOnEngine(script, channel, parts);
          expect(wrong, JSON.stringify(wrong)).to.equal(undefined);
        } finally {
          contentClock.set(NOW);
        }
      });
    }
  }
});
