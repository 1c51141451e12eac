import { expect } from 'chai';
import fc from 'fast-check';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { OutsideError } from '../../src/errors.ts';
import type { TermLine, Trained } from '../../src/understanding/classify.ts';
import { bestIntent, confidences } from '../../src/understanding/classify.ts';
import { nodeNlpEngine } from '../../src/understanding/engine/engine.ts';
import { fit } from '../../src/understanding/engine/fit.ts';
import type { Classifier } from '../../src/understanding/classify.ts';
import { termLines, termsOf } from '../../src/understanding/terms.ts';
import { IN_PROCESS } from './in-process-engine.ts';
import { SHOP } from './lines.ts';

const zh = termLines(SHOP.zh, 'zh');
const vocabulary = [...new Set(zh.flatMap((line) => line.terms))];
const best = (classifier: Classifier, terms: readonly string[]): string | undefined =>
  classifier.intents[bestIntent(confidences(classifier, classifier.activations(terms)))];

function train(lines: readonly TermLine[], workers = 1, timeout = 60_000): Promise<Trained> {
  return nodeNlpEngine.train('zh', lines, { workers, timeout });
}

async function refusal(work: Promise<unknown>): Promise<unknown> {
  try {
    await work;
  } catch (error) {
    return error;
  }
  return undefined;
}

describe('node-nlp engine', function () {
  this.timeout(60_000);

  it('gives confidences that share at most one, whatever it is given', () => {
    const classifier = nodeNlpEngine.load(fit('zh', zh, 1));
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.constantFrom(...vocabulary), fc.string())), (terms) => {
        const activations = classifier.activations(terms);
        const all = confidences(classifier, activations);
        const sum = all.reduce((a, b) => a + b, 0);
        expect(activations.known).to.be.within(0, 1);
        if (activations.known === 0) expect(sum).to.equal(0);
        else expect(sum).to.be.within(0.1, 1 + 1e-9);
      }),
    );
  });

  it('knows a word with a typing error by its parts, and a homophone by its sound', () => {
    const english = termLines(SHOP.en, 'en');
    const en = nodeNlpEngine.load(fit('en', english, 1));
    expect(best(en, termsOf('my pakcage has not arived', 'en'))).to.equal('order.status');
    const chinese = nodeNlpEngine.load(fit('zh', zh, 1));
    expect(best(chinese, termsOf('发piao', 'zh'))).to.equal('order.invoice');
    expect(best(chinese, termsOf('快弟', 'zh'))).to.equal('order.status');
  });

  it('gives the same bytes and held-out lines from the same lines, on one thread or two', async () => {
    const [one, two] = await Promise.all([train(zh, 1), train(zh, 2)]);
    expect(Buffer.from(one.bytes).equals(two.bytes)).to.equal(true);
    expect(two.heldOut).to.deep.equal(one.heldOut);
    expect(one.heldOut.length).to.equal(zh.length);
  });

  it('recognises the lines it was trained on', async () => {
    const { bytes } = await train(zh);
    const classifier = nodeNlpEngine.load(bytes);
    for (const { terms, intent } of zh) {
      expect(best(classifier, terms)).to.equal(intent);
    }
    expect(best(classifier, [])).to.equal(undefined);
    expect(best(classifier, ['未'])).to.equal(undefined);
  });

  it('takes a single intent, two lines an intent, and names that plain objects trip over', async () => {
    const odd: TermLine[] = [
      { terms: ['constructor', 'a'], intent: '__proto__' },
      { terms: ['__proto__', 'b'], intent: '__proto__' },
      { terms: ['toString', '一'], intent: 'constructor' },
      { terms: ['hasOwnProperty', '二'], intent: 'constructor' },
    ];
    const sets = [odd, odd.slice(0, 2), odd.slice(0, 1)];
    for (const lines of sets) {
      const { bytes } = await IN_PROCESS.train('zh', lines, { workers: 1, timeout: 60_000 });
      const classifier = nodeNlpEngine.load(bytes);
      for (const { terms, intent } of lines) {
        const activations = classifier.activations(terms);
        expect(activations.known).to.equal(1);
        expect([...activations.values].every(Number.isFinite)).to.equal(true);
        expect(best(classifier, terms)).to.equal(intent);
      }
      expect(classifier.activations(['值', '型']).known).to.equal(0);
    }
  });

  it('tells how far it is, up to the whole', async () => {
    const shares: number[] = [];
    const progress = (share: number): void => void shares.push(share);
    await nodeNlpEngine.train('zh', zh, { workers: 2, timeout: 60_000, progress });
    expect(shares.length).to.equal(6);
    expect(shares).to.deep.equal([...shares].sort((a, b) => a - b));
    expect(shares.at(-1)).to.equal(1);
  });

  it('says that training took too long or was given up', async () => {
    const late = await refusal(train(zh, 2, 1));
    expect(late).to.be.instanceOf(OutsideError).with.property('code', 'training');
    const signal = AbortSignal.abort('no need');
    const given = nodeNlpEngine.train('zh', zh, { workers: 1, timeout: 60_000, signal });
    expect(await refusal(given)).to.be.instanceOf(OutsideError);
  });

  it('says when the thread fails', async () => {
    const broken = [{ terms: null, intent: 'a' }] as unknown as TermLine[];
    expect(await refusal(train(broken))).to.be.instanceOf(OutsideError);
  });

  it('keeps nothing of the messages it reads', async () => {
    const { bytes } = await IN_PROCESS.train('zh', zh, { workers: 1, timeout: 60_000 });
    const classifier = nodeNlpEngine.load(bytes);
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    const read = (from: number, to: number): void => {
      for (let i = from; i < to; i += 1) {
        classifier.activations(termsOf(`第 ${i} 条消息, message w${i} 我要退货`, 'zh'));
      }
    };
    read(0, 2000);
    collect();
    const before = process.memoryUsage().heapUsed;
    read(2000, 22_000);
    collect();
    // node-nlp's own caches keep 0.85 KB a message: 17 MB here.
    expect(process.memoryUsage().heapUsed - before).to.be.below(4_000_000);
  });
});
