import { readFile } from 'node:fs/promises';
import { expect } from 'chai';
import { ShopCopy } from './shop.ts';

describe('knowledge/README', () => {
  for (const name of ['README.md', 'README.zh-CN.md']) {
    it(`the examples of ${name} load`, async () => {
      const text = await readFile(`knowledge/${name}`, 'utf8');
      const examples = [...text.matchAll(/```yaml\n(.*?)```/gs)].map((m) => m[1] ?? '');
      const [wording, entry, answer, dialog, commands, lexicon] = examples;
      expect(examples).to.have.length(6);
      const shop = await ShopCopy.make();
      const second = `- id: second\n  question: 二\n${(answer ?? '').replace(/^/gm, '  ').trimEnd()}\n`;
      await shop.write('wording.yaml', wording ?? '');
      await shop.write('faq/returns.yaml', (entry ?? '') + second);
      await shop.write('dialogs/return-order.yaml', dialog ?? '');
      await shop.write('commands.yaml', commands ?? '');
      await shop.write('lexicon.yaml', lexicon ?? '');
      expect(await shop.faults()).to.deep.equal([]);
      await shop.remove();
    });
  }
});
