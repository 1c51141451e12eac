import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { discoverChannels } from '../src/channel/discovery.ts';
import type { ChannelDefinition } from '../src/channel/channel.ts';
import { readScripts } from '../src/cli/converse/format.ts';
import { playOnEngine } from '../src/cli/converse/stage.ts';
import { contentClock, NOW, shopContent, silent } from './support/content.ts';

const dir = join(import.meta.dirname, 'conversations');
const files = readdirSync(dir, { recursive: true, encoding: 'utf8' })
  .filter((f) => f.endsWith('.yaml'))
  .sort();

describe('conversations', () => {
  let channels: ReadonlyMap<string, ChannelDefinition>;

  before(async function () {
    this.timeout(60_000);
    const found = await discoverChannels(join(import.meta.dirname, '../channels'));
    channels = new Map(found.map((c) => [c.name, c]));
    await shopContent();
  });

  for (const file of files) {
    it(file, async function () {
      this.timeout(60_000);
      const content = await shopContent();
      const failed: string[] = [];
      for (const script of await readScripts(join(dir, file))) {
        for (const channel of script.channel === 'all' ? channels.keys() : [script.channel]) {
          const wrong = await playOnEngine(script, channel, {
            content,
            channels,
            logger: silent,
            clock: contentClock,
          });
          contentClock.set(NOW);
          if (wrong === undefined) continue;
          const { line, expected, got } = wrong;
          failed.push(`${script.name} ${file}:${line}\n  expected ${expected}\n  got ${got}`);
        }
      }
      expect(failed.join('\n')).to.equal('');
    });
  }
});
