import { expect } from 'chai';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { placesOf } from '../../../src/cli/eval/places.ts';
import { loadKnowledge } from '../../../src/knowledge/load.ts';
import { NOW } from '../../support/content.ts';

const DIR = join(import.meta.dirname, '../../../knowledge');

describe('places of training lines', () => {
  it('finds every line of the demo shop where it stands, in both languages', async () => {
    const knowledge = await loadKnowledge({ dir: DIR, clock: { now: () => NOW } });
    const place = await placesOf(knowledge, DIR);
    const files = new Map<string, readonly string[]>();
    for (const lang of ['zh', 'en'] as const) {
      for (const utterance of knowledge.utterances(lang)) {
        const [, file = '', line = ''] = /^(.*):(\d+)$/u.exec(place(utterance)) ?? [];
        expect(file, `${utterance.intent} ${utterance.text}`).to.not.equal('');
        const lines = files.get(file) ?? (await readFile(file, 'utf8')).split('\n');
        files.set(file, lines);
        const plain = (text: string): string => text.replaceAll(/['"\\]/gu, '');
        expect(plain(lines[Number(line) - 1] ?? '')).to.contain(plain(utterance.text));
      }
    }
    expect(files.size).to.be.above(10);
  });

  it('names the file alone where the text is not found in it', async () => {
    const knowledge = await loadKnowledge({ dir: DIR, clock: { now: () => NOW } });
    const place = await placesOf(knowledge, DIR);
    expect(place({ text: 'nowhere', intent: 'command.cancel' })).to.equal(
      join(DIR, 'commands.yaml'),
    );
    expect(place({ text: 'nowhere', intent: 'faq.account.register' })).to.match(/account\.yaml$/u);
  });
});
