import { expect } from 'chai';
import { knowledgeReport, knowledgeText } from '../../../src/cli/eval/knowledge-report.ts';
import { knowledgeTrials, type Outcome } from '../../../src/cli/eval/knowledge-trials.ts';
import { DialogRunner } from '../../../src/dialog/run.ts';
import { loadKnowledge } from '../../../src/knowledge/load.ts';
import type { Parts } from '../../../src/turn/parts.ts';
import { HeldClock } from '../../knowledge/shop.ts';

const THRESHOLDS = { answer: 0.6, suggest: 0.2 };

describe('knowledgeReport', () => {
  const outcomes: readonly Outcome[] = [
    { kind: 'rewording', text: 'a', wanted: 'x', did: 'answer', found: ['x', 'x', 'y'] },
    { kind: 'rewording', text: 'b', wanted: 'x', did: 'answer', found: ['y', 'y', 'x'] },
    { kind: 'rewording', text: 'c', wanted: 'x', did: 'suggest', found: ['y', 'z', 'x'] },
    { kind: 'rewording', text: 'd', wanted: 'x', did: 'hand-on', found: [] },
    { kind: 'unknown', text: 'e', did: 'answer', found: ['y'] },
    { kind: 'unknown', text: 'f', did: 'suggest', found: ['y'] },
    { kind: 'off-topic', text: 'g', did: 'task', found: [] },
  ];
  const report = knowledgeReport(outcomes, THRESHOLDS);

  it('ranks the right entry among distinct ones, the answered first', () => {
    expect(report.top1).to.equal(1 / 4);
    expect(report.mrr5).to.be.closeTo((1 + 1 / 2 + 1 / 3) / 4, 1e-9);
  });

  it('counts as false what is answered from the wrong entry, or where none is right', () => {
    expect(report.falseAnswerRate).to.be.closeTo(2 / 7, 1e-9);
    expect(report.examples.map(({ text }) => text)).to.deep.equal(['b', 'e']);
  });

  it('tells by kind what was done', () => {
    expect(report.rewordings).to.deep.equal({
      messages: 4,
      answered: 0.5,
      falseAnswers: 0.25,
      suggested: 0.25,
      suggestedRight: 0.25,
      tasks: 0,
      handedOn: 0.25,
    });
    expect(report.unknown).to.include({ falseAnswers: 0.5, suggested: 0.5, suggestedRight: 0 });
    expect(report.offTopic).to.include({ tasks: 1, falseAnswers: 0 });
  });

  it('prints it', () => {
    expect(knowledgeText(report))
      .to.match(/top-1 +25\.0 %/u)
      .and.to.include('b → y');
  });

  it('measures nothing where nothing was sent', () => {
    const nothing = knowledgeReport([], THRESHOLDS);
    expect(nothing).to.include({ top1: null, mrr5: null, falseAnswerRate: null });
    expect(nothing.offTopic).to.include({ messages: 0, answered: null });
    expect(knowledgeText(nothing))
      .to.match(/MRR@5 +-\n/u)
      .and.to.match(/top-1 +-\n/u);
  });
});

describe('knowledgeTrials', () => {
  it('never shows search or classifier the line that it asks about', async () => {
    const clock = new HeldClock();
    const knowledge = await loadKnowledge({ dir: 'test/knowledge/fixtures/shop', clock });
    const parts = {
      clock,
      dialogs: new DialogRunner([]),
      dialogOf: new Map(),
      wordingOf: () => ({ choices: {}, labels: {} }),
    } as unknown as Parts;
    const outcomes = await knowledgeTrials({
      knowledge,
      parts,
      lang: 'zh',
      offTopic: ['退款多久到账？', '讲个笑话'],
      progress: () => undefined,
    });
    const of = (kind: Outcome['kind']) => outcomes.filter((o) => o.kind === kind);
    const lines = [...knowledge.entries.values()].flatMap((e) => e.utterances.zh);
    expect(of('rewording').map((o) => o.text)).to.have.members(lines);
    expect(of('unknown').map((o) => o.text)).to.have.members(lines);
    // Not held out, a line of an entry is an exact match; held out it is none, and most are not answered.
    expect(of('off-topic').map((o) => o.did)).to.deep.equal(['answer', 'hand-on']);
    expect(of('rewording').filter((o) => o.did === 'answer').length).to.be.below(lines.length / 2);
    for (const { wanted, found } of of('unknown')) {
      expect(wanted).to.equal(undefined);
      expect(found).not.to.include('');
    }
  }).timeout(120_000);
});
