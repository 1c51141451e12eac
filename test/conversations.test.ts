import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { discoverChannels } from '../src/channel/discovery.ts';
import type { ChannelDefinition } from '../src/channel/channel.ts';
import { readScripts } from '../src/cli/converse/format.ts';
import { playOnEngine } from '../src/cli/converse/stage.ts';
import { findSimulators } from '../src/cli/simulators.ts';
import { contentClock, NOW, shopContent, silent } from './support/content.ts';

const dir = join(import.meta.dirname, 'conversations');
const files = readdirSync(dir, { recursive: true, encoding: 'utf8' })
  .filter((f) => f.endsWith('.yaml'))
  .sort();

const found = await discoverChannels(join(import.meta.dirname, '../channels'));
const channels: ReadonlyMap<string, ChannelDefinition> = new Map(found.map((c) => [c.name, c]));
const simulators = await findSimulators([...channels.keys()]);

/** Plays every conversation of a file. @returns what was not as expected */
async function playAll(file: string, channel?: string): Promise<string> {
  const content = await shopContent();
  const failed: string[] = [];
  for (const script of await readScripts(join(dir, file))) {
    const asked = channel ?? script.channel;
    for (const each of asked === 'all' ? channels.keys() : [asked]) {
      const wrong = await playOnEngine(script, each, {
        content,
        channels,
        simulators,
        logger: silent,
        clock: contentClock,
      });
      contentClock.set(NOW);
      if (wrong === undefined) continue;
      const { line, expected, got } = wrong;
      failed.push(`${script.name} ${file}:${line}\n  expected ${expected}\n  got ${got}`);
    }
  }
  return failed.join('\n');
}

describe('conversations', function () {
  this.timeout(60_000);

  before(() => shopContent());

  for (const file of files) {
    it(file, async () => {
      expect(await playAll(file)).to.equal('');
    });
  }

  for (const channel of simulators.keys()) {
    it(`pass through ${channel} and its simulator, all of them`, async function () {
      this.timeout(300_000);
      const wrong: string[] = [];
      for (const file of files) wrong.push(await playAll(file, channel));
      expect(wrong.filter((w) => w !== '').join('\n')).to.equal('');
    });
  }
});
