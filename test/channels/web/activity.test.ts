import { expect } from 'chai';
import fc from 'fast-check';
import { readWatermark } from '../../../channels/web/activity.ts';

describe('readWatermark', () => {
  it('takes empty and - as the beginning, and refuses garbage', () => {
    expect([null, '', '-', '0', '17'].map(readWatermark)).to.deep.equal([0, 0, 0, 0, 17]);
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const got = readWatermark(text);
        expect(got === undefined || Number.isSafeInteger(got)).to.equal(true);
      }),
    );
  });
});
