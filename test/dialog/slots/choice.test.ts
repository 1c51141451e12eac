import { expect } from 'chai';
import { choice } from '../../../src/dialog/slots/choice.ts';
import { brief, said, REASONS } from './said.ts';
import fc from 'fast-check';
import type { Slot } from '../../../src/dialog/slots/index.ts';

/** What is said, what `parse` and what `find` make of it. */
const CHOICE: readonly (readonly [string, string, string])[] = [
  ['质量问题', 'quality*', 'quality*'],
  ['質量問題', 'quality*', 'quality*'],
  ['1', 'quality*', '-'],
  ['１', 'quality*', '-'],
  ['1.', 'quality*', '-'],
  ['一', 'quality*', '-'],
  ['①', 'quality*', '-'],
  ['第一个', 'quality*', '-'],
  ['选1', 'quality*', '-'],
  ['option 1', 'quality*', '-'],
  ['the first one', 'quality*', '-'],
  ['最后一个', 'changed-mind*', '-'],
  ['the last one', 'changed-mind*', '-'],
  ['第二个', 'wrong-item*', '-'],
  ['2️⃣', 'wrong-item*', '-'],
  ['二', 'wrong-item*', '-'],
  ['倒数第二个', 'wrong-item*', '-'],
  ['last', 'changed-mind*', '-'],
  ['坏了', 'quality*', 'quality*'],
  ['东西坏了，想退', 'quality', 'quality'],
  ['不是质量问题，是发错货了', 'wrong-item', 'wrong-item'],
  ['发错货不是质量问题', 'wrong-item', 'wrong-item'],
  ['质量', 'quality*', '-'],
  ['quality', 'quality*', '-'],
  ['Quality problem', 'quality*', 'quality*'],
  ['wrong item', 'wrong-item*', 'wrong-item*'],
  ['it was the wrong item', 'wrong-item*', 'wrong-item*'],
  ['not broken, wrong item', 'wrong-item', 'wrong-item'],
  ['changed', 'changed-mind*', '-'],
  ['不想要了', 'changed-mind*', 'changed-mind*'],
  ['我不想要了', 'changed-mind*', 'changed-mind*'],
  ['不喜欢', 'changed-mind*', 'changed-mind*'],
  ['4', '-', '-'],
  ['第四个', '-', '-'],
  ['都不是', '-', '-'],
  ['你好', '-', '-'],
  ['质量问题还是发错货', '-ambiguous', '-ambiguous'],
  ['2号买的，质量问题', 'quality', 'quality'],
  ['我选第三个，谢谢', 'changed-mind*', '-'],
  ['#3', 'changed-mind*', '-'],
  ['３、', 'changed-mind*', '-'],
  ['number two', 'wrong-item*', '-'],
  ['because it is defective', 'quality', 'quality'],
  ['发错了', 'wrong-item*', 'wrong-item*'],
  ['second', 'wrong-item*', '-'],
  ['三', 'changed-mind*', '-'],
  ['是质量问题', 'quality*', 'quality*'],
  ['选最后一个', 'changed-mind*', '-'],
  ['麻烦选发错货，谢谢', 'wrong-item*', 'wrong-item*'],
  ['please pick the second one', 'wrong-item*', '-'],
  ['broken and wrong item', '-ambiguous', '-ambiguous'],
  ['unbroken', '-', '-'],
  ['不是质量问题', '-', '-'],
];

describe('slot choice', () => {
  const slot = choice(['quality', 'wrong-item', 'changed-mind']);
  for (const [text, parsed, found] of CHOICE) {
    it(`reads "${text}" as ${parsed}`, () => {
      expect(brief(slot.parse(said(text, { offered: REASONS })))).to.equal(parsed);
      expect(brief(slot.find(said(text, { offered: REASONS })))).to.equal(found);
    });
  }

  it('takes a tap, and no tap on what it did not offer', () => {
    expect(brief(slot.parse(said('x', { offered: REASONS, tapped: 'quality' })))).to.equal(
      'quality*',
    );
    expect(brief(slot.parse(said('质量问题', { offered: REASONS, tapped: 'gone' })))).to.equal('-');
  });

  it('takes only its own values', () => {
    const narrow = choice(['quality']);
    expect(brief(narrow.parse(said('发错货', { offered: REASONS })))).to.equal('-');
  });

  it('is picked by every way of naming place k of n', () => {
    const zh = ['一', '二', '三', '四', '五', '六', '七', '八', '九'];
    const nth = [
      'first',
      'second',
      'third',
      'fourth',
      'fifth',
      'sixth',
      'seventh',
      'eighth',
      'ninth',
    ];
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9 }), fc.nat(8), (n, at) => {
        const k = (at % n) + 1;
        const offered = zh
          .slice(0, n)
          .map((c, i) => ({ value: `v${i + 1}`, title: `选择甲${c}乙`, alike: [] }));
        const many = choice(offered.map((o) => o.value));
        const wide = String.fromCodePoint(0xff10 + k);
        const circled = String.fromCodePoint(0x2460 + k - 1);
        const forms = [
          `${k}`,
          wide,
          circled,
          `${k}.`,
          `（${k}）`,
          `${zh[k - 1]}`,
          `第${zh[k - 1]}个`,
          `第${k}个`,
          `选${k}`,
          `我要第${zh[k - 1]}个，谢谢`,
          `${k}号`,
          `option ${k}`,
          `#${k}`,
          `the ${nth[k - 1]} one`,
          `${nth[k - 1]}`,
          offered[k - 1]!.title,
          `v${k}`,
          `倒数第${zh[n - k]}个`,
        ];
        if (k === n) forms.push('最后一个', 'the last one', 'last', '最後一個');
        for (const form of forms) {
          expect(brief(many.parse(said(form, { offered }))), form).to.equal(`v${k}*`);
        }
      }),
    );
  });

  it('has a type made of its values', () => {
    const typed: Slot<'a' | 'b'> = choice(['a', 'b']);
    const optional: Slot<'a' | null> = choice(['a'], { optional: true });
    // @ts-expect-error "c" is none of its values
    const wrong: Slot<'a' | 'b'>['parse'] extends never ? never : 'a' | 'b' = 'c';
    expect([typed.values, optional.optional, wrong]).to.deep.equal([['a', 'b'], true, 'c']);
  });
});
