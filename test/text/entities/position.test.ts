import { expect } from 'chai';
import { barePosition, findPositions } from '../../../src/text/entities/position.ts';

/** What is said, the positions that say so, and the position of the whole message. */
const CASES: readonly (readonly [string, readonly number[], number | undefined])[] = [
  ['第二个', [2], undefined],
  ['最后一个', [-1], undefined],
  ['倒数第二个', [-2], undefined],
  ['第一', [1], undefined],
  ['2.', [], 2],
  ['②', [], 2],
  ['the second one', [2], undefined],
  ['last one', [-1], undefined],
  ['first', [], 1],
  ['#2', [2], 2],
  ['option 2', [2], undefined],
  ['2号', [2], undefined],
  ['选1', [1], undefined],
  ['选第三个', [3], undefined],
  ['the last one', [-1], undefined],
  ['second to last', [-2], undefined],
  ['no. 3', [3], undefined],
  ['number two', [2], undefined],
  ['2️⃣', [], 2],
  ['（2）', [], 2],
  ['1、', [], 1],
  ['二', [], 2],
  ['two', [], 2],
  ['第3', [3], undefined],
  ['我要第二个谢谢', [2], undefined],
  ['第十二个', [12], undefined],
  ['3rd one', [3], undefined],
  ['order number 20261101001', [], undefined],
  ['第二天', [], undefined],
  ['头一个', [1], undefined],
  ['2号楼', [], undefined],
];

describe('findPositions and barePosition', () => {
  for (const [text, marked, bare] of CASES) {
    it(`read "${text}"`, () => {
      expect(findPositions(text).map((found) => found.value)).to.deep.equal(marked);
      expect(barePosition(text)).to.equal(bare);
    });
  }
});
