import { expect } from 'chai';
import { join } from 'node:path';
import { adviceOf, adviceText } from '../../src/cli/eval/advice-text.ts';
import { ours } from '../../src/cli/eval/contender.ts';
import { crossValidate } from '../../src/cli/eval/evaluate.ts';
import { loadKnowledge } from '../../src/knowledge/load.ts';
import { advise, type HeldOutLine } from '../../src/understanding/advice.ts';
import { termLines } from '../../src/understanding/terms.ts';
import { NOW } from '../support/content.ts';

const line = (text: string, intent: string) => ({ text, intent });
const right = (index: number, predicted: string, confidence = 0.8): HeldOutLine => ({
  line: index,
  predicted,
  confidence,
});

describe('advice to authors', () => {
  const returns = [
    'return my shoes',
    'send the shoes back',
    'I return the bag',
    'take it back',
    'return it',
  ];
  const status = [
    'where is my parcel',
    'parcel status',
    'track my parcel',
    'is it shipped',
    'where is it',
  ];
  const lines = [
    ...returns.map((text) => line(text, 'return')),
    ...status.map((text) => line(text, 'status')),
  ];
  const allRight = lines.map(({ intent }, i) => right(i, intent));
  const of = (labelled: readonly { text: string; intent: string }[], heldOut: HeldOutLine[]) =>
    advise(termLines(labelled, 'en'), heldOut);

  it('has nothing to say about lines that recognise each other', () => {
    expect(of(lines, allRight)).to.deep.equal({ thin: [], overlapping: [], suspect: [] });
  });

  it('names intents with few lines, and intents whose lines do not help each other', () => {
    const more = [...lines, line('hello there', 'greeting'), line('good morning', 'greeting')];
    const heldOut = [
      ...allRight.slice(0, 5),
      ...[5, 6, 7].map((i) => ({ line: i, predicted: undefined, confidence: 0 })),
      ...allRight.slice(8),
      right(10, 'return', 0.2),
    ];
    expect(of(more, heldOut).thin).to.deep.equal([
      { intent: 'greeting', lines: 2, tried: 1, recognised: 0, why: 'few' },
      { intent: 'status', lines: 5, tried: 5, recognised: 2, why: 'unlike' },
    ]);
  });

  it('names intents that are taken for each other, the more mistaken one first, with like lines', () => {
    const heldOut = allRight.map((held) =>
      [5, 9].includes(held.line)
        ? right(held.line, 'return', 0.4)
        : held.line === 4
          ? right(4, 'status', 0.5)
          : held,
    );
    expect(of(lines, heldOut).overlapping).to.deep.equal([
      {
        intents: ['status', 'return'],
        mistaken: [2, 1],
        share: 0.3,
        examples: [
          [4, 9],
          [5, 0],
          [9, 4],
        ],
      },
    ]);
    expect(of(lines, heldOut).suspect, 'none was as sure as a right one').to.deep.equal([]);
  });

  it('names lines that read like another intent, with the line they are like', () => {
    const more = [...lines, line('where is my green parcel', 'return')];
    const heldOut = [...allRight, right(10, 'status', 0.9)];
    expect(of(more, heldOut).suspect).to.deep.equal([
      { line: 10, intent: 'return', fits: 'status', like: 5, why: 'reads' },
    ]);
    const unsure = [...allRight, right(10, 'status', 0.7)];
    expect(of(more, unsure).suspect).to.deep.equal([]);
    const unlike = [...lines, line('shoes I return to where you are', 'return')];
    expect(of(unlike, heldOut).suspect, 'it is more like its own').to.deep.equal([]);
  });

  it('names the same words under two intents, and not the same words twice under one', () => {
    const more = [
      ...lines,
      line('Where is it!', 'other'),
      line('WHERE IS IT', 'return'),
      line('return it', 'return'),
    ];
    expect(of(more, allRight).suspect.map((s) => [s.line, s.why, s.fits, s.like])).to.deep.equal([
      [11, 'same', 'status', 9],
    ]);
  });

  it('leaves lines out of scope alone', () => {
    const more = [...lines, line('where is it', 'oos'), line('sing', 'oos')];
    const heldOut = [...allRight, right(10, 'status', 1), right(11, 'return', 1)];
    expect(of(more, heldOut)).to.deep.equal({ thin: [], overlapping: [], suspect: [] });
  });

  it('is shown with the places of the lines and how to mend them', () => {
    const more = [...lines, line('WHERE IS IT', 'return'), line('hello', 'greeting')];
    const advice = of(more, allRight);
    const text = adviceText(advice, more, (i) => `f.tsv:${i + 2}`);
    expect(text).to.contain(
      '"WHERE IS IT" (f.tsv:12)\n    is under return and under status: "where is it" (f.tsv:11)',
    );
    expect(text).to.contain('  greeting: 1 line');
    expect(text).to.match(/move the line|word it/u);
    expect(adviceText(of(lines, allRight), lines, String)).to.equal('Nothing to mend was found.');
  });

  it('finds labels that were exchanged in the lines of the demo shop', async function () {
    this.timeout(120_000);
    const dir = join(import.meta.dirname, '../../knowledge');
    const knowledge = await loadKnowledge({ dir, clock: { now: () => NOW } });
    const large = knowledge
      .utterances('zh')
      .filter(({ intent }) => intent.startsWith('dialog.') || intent.startsWith('command.'));
    const intents = [...new Set(large.map(({ intent }) => intent))];
    const exchanged = new Set<number>();
    const spoiled = large.map((utterance, i) => {
      if (i % 20 !== 7) return utterance;
      exchanged.add(i);
      const at = intents.indexOf(utterance.intent);
      return { ...utterance, intent: intents[(at + 5) % intents.length] ?? '' };
    });
    const { tested } = await crossValidate(ours, 'zh', spoiled, () => 0);
    const { suspect } = adviceOf(spoiled, 'zh', tested);
    const found = suspect.filter(({ line: i }) => exchanged.has(i));
    const restored = found.filter(({ line: i, fits }) => fits === large[i]?.intent);
    expect(exchanged.size).to.be.above(20);
    expect(found.length / exchanged.size, 'found').to.be.at.least(0.4);
    expect(restored.length / found.length, 'rightly placed').to.be.at.least(0.8);
    expect(found.length / suspect.length, 'of the named').to.be.at.least(0.5);
  });
});
