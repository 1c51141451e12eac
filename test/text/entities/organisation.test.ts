import { expect } from 'chai';
import { findOrganisations } from '../../../src/text/entities/organisation.ts';

describe('findOrganisations', () => {
  const cases: readonly (readonly [string, readonly string[]])[] = [
    ['公司，北京某某公司', ['北京某某公司']],
    ['公司 抬头是上海示例贸易有限公司，税号稍后', ['上海示例贸易有限公司']],
    ['单位名称：清华大学', ['清华大学']],
    ['北京市第一中学', ['北京市第一中学']],
    ['company, Shanghai Example Trading Co., Ltd.', ['Shanghai Example Trading Co., Ltd.']],
    ['Example Inc.', ['Example Inc.']],
    ['我们公司要报销', []],
    ['我们公司', []],
    ['快递公司', []],
    ['我在北京华夏科技有限公司上班', []],
    ['开公司发票', []],
    ['the company needs it', []],
    ['my company Ltd', []],
    ['个人', []],
  ];
  for (const [text, names] of cases) {
    it(text, () => expect(findOrganisations(text).map((f) => f.value)).to.deep.equal(names));
  }

  it('takes linear time', () => {
    const start = performance.now();
    for (const part of ['公司', '抬头是', 'Aa ', 'Co, ', '，'])
      findOrganisations(part.repeat(2000));
    expect(performance.now() - start).to.be.below(300);
  });
});
