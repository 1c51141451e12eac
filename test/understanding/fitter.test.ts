import { expect } from 'chai';
import { bestIntent, confidences } from '../../src/understanding/classify.ts';
import { Fitter } from '../../src/understanding/engine/fitter.ts';
import { LinearClassifier } from '../../src/understanding/engine/linear-classifier.ts';
import { namedLines } from '../../src/understanding/engine/names.ts';
import { RECIPES } from '../../src/understanding/engine/recipe.ts';
import { termLines } from '../../src/understanding/terms.ts';
import { SHOP } from './lines.ts';

for (const lang of ['zh', 'en'] as const) {
  const lines = termLines(SHOP[lang], lang);
  const recipe = RECIPES[lang];
  const fitter = (of = lines): Fitter =>
    new Fitter(of, { recipe, seed: 1, names: namedLines(lang, lines) });

  describe(`fitter of ${lang}`, () => {
    const hold = lines.flatMap((_, i) => (i % 4 === 1 ? [i] : []));

    it('reads lines that it held out like a classifier of the others does', () => {
      const held = new Set(hold);
      const others = fitter(lines.filter((_, i) => !held.has(i))).whole();
      const classifier = new LinearClassifier(others);
      const measured = fitter().without(hold);
      expect(measured.map(({ line }) => line)).to.deep.equal(hold);
      for (const { line, predicted, confidence, correct } of measured) {
        const { terms, intent } = lines[line]!;
        const all = confidences(classifier, classifier.activations(terms));
        const best = bestIntent(all);
        expect(confidence).to.be.closeTo(all[best] ?? 0, 0.03);
        expect(correct).to.equal(predicted === intent);
        // Weights of one byte tell apart what is not nearly alike.
        if (confidence > 0.6) expect(predicted).to.equal(classifier.intents[best]);
      }
    });

    it('gives the same in any order', () => {
      const [one, two] = [fitter(), fitter()];
      const before = [one.whole(), one.without(hold)] as const;
      const after = [two.without(hold), two.whole()] as const;
      expect(Buffer.from(after[1]).equals(before[0])).to.equal(true);
      expect(after[0]).to.deep.equal(before[1]);
    });
  });
}
