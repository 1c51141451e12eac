import { expect } from 'chai';
import { findSimulator, findSimulators } from '../../src/cli/simulators.ts';

describe('cli/simulators', () => {
  it('finds those that there are, by the name of the channel', async () => {
    const found = await findSimulators(['web', 'wechat', 'wecom']);
    expect([...found.keys()]).to.deep.equal(['wechat', 'wecom']);
  });

  it('does not leave its folder', async () => {
    expect(await findSimulator('../simulators/wecom')).to.equal(undefined);
  });
});
