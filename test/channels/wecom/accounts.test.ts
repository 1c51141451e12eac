import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { readKfAccounts } from '../../../channels/wecom/accounts.ts';
import { bot, shown, startStage } from './stage.ts';

const plain = {
  WECOM_CORP_ID: 'ww1',
  WECOM_KF_SECRET: 'SECRET-VALUE',
  WECOM_TOKEN: 't',
  WECOM_AES_KEY: 'jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C',
};

describe('wecom: accounts', () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'yingda-wecom-'));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  async function file(rows: unknown): Promise<string> {
    const name = path.join(folder, 'accounts.json');
    await writeFile(name, JSON.stringify(rows));
    return name;
  }
  const row = {
    name: 'shop',
    corpId: 'ww2',
    secret: 's',
    token: 't',
    aesKey: plain.WECOM_AES_KEY,
  };
  async function fault(env: Record<string, string>): Promise<string> {
    const error = await readKfAccounts(env).then(
      () => new Error('was taken'),
      (thrown: unknown) => thrown as Error,
    );
    return error.message;
  }

  it('takes the plain variables with their defaults, and the rows of the file', async () => {
    const accounts = await readKfAccounts({
      ...plain,
      WECOM_API_BASE: 'http://127.0.0.1:1/',
      WECOM_ACCOUNTS: await file([
        { ...row, lang: 'en', scenes: { s1: 'return-order' }, servicePool: false },
      ]),
    });
    expect(
      accounts.map(({ name, base, lang, servicePool, scenes }) => ({
        name,
        base,
        lang,
        servicePool,
        scenes,
      })),
    ).to.deep.equal([
      { name: 'default', base: 'http://127.0.0.1:1', lang: 'zh', servicePool: true, scenes: {} },
      {
        name: 'shop',
        base: 'http://127.0.0.1:1',
        lang: 'en',
        servicePool: false,
        scenes: { s1: 'return-order' },
      },
    ]);
    const [only] = await readKfAccounts({ WECOM_ACCOUNTS: await file([row]) });
    expect(only).to.include({
      name: 'shop',
      base: 'https://qyapi.weixin.qq.com',
      lang: 'zh',
      servicePool: true,
    });
  });

  it('names what is wrong, never a value', async () => {
    expect(await fault({ ...plain, WECOM_AES_KEY: 'SHORT-KEY' }))
      .to.contain('WECOM_AES_KEY')
      .and.not.contain('SHORT');
    expect(await fault({ ...plain, WECOM_LANG: 'fr' })).to.contain('WECOM_LANG: must be zh or en');
    expect(await fault({ ...plain, WECOM_SERVICE_POOL: 'no' })).to.contain('WECOM_SERVICE_POOL');
    expect(await fault({ ...plain, WECOM_API_BASE: 'qyapi' })).to.contain('WECOM_API_BASE');
    const rows = await file([
      { ...row, aesKey: 'SHORT-KEY', secret: '' },
      { ...row, sceens: {} },
    ]);
    const message = await fault({ WECOM_ACCOUNTS: rows });
    expect(message).to.contain('[1].aesKey').and.contain('[1].secret').and.contain('sceens');
    expect(message).not.to.contain('SHORT-KEY');
  });

  it('a second account has its own address; entering by a scene starts its dialog, welcomed by the code', async () => {
    const accounts = path.join(folder, 'second.json');
    const second = await startStage({
      env: { WECOM_ACCOUNTS: accounts },
      before: async (simulator) => {
        const {
          WECOM_CORP_ID: corpId,
          WECOM_KF_SECRET: secret,
          WECOM_TOKEN: token,
          WECOM_AES_KEY: aesKey,
        } = simulator.env;
        await writeFile(
          accounts,
          JSON.stringify([
            {
              name: 'shop',
              corpId,
              secret,
              token,
              aesKey,
              lang: 'en',
              scenes: { r: 'return-order' },
            },
          ]),
        );
      },
    });
    try {
      second.simulator.connect(`${second.url}/shop`);
      second.answer = ({ content }) =>
        content.kind === 'choice'
          ? [
              bot(`starting ${content.value}`),
              bot('Which?', { choices: [{ value: 'o1', title: 'Order 1' }] }),
            ]
          : [];
      await second.phone.do({ kind: 'join', scene: 'r' });
      await second.until('it starts', () => second.phone.screen.length === 1);
      expect(shown(second.phone.screen)).to.deep.equal([
        'menu: starting return-order\nWhich? [Order 1]',
      ]);
      expect(second.calls).to.include('kf/send_msg_on_event').and.not.include('kf/send_msg');
      expect(second.inbounds[0]?.address.account).to.equal('shop');
      expect(second.channel.health!().notes.join()).to.contain('shop: The last callback came');
      expect(second.simulator.refused).to.deep.equal([]);
    } finally {
      await second.stop();
    }
  });

  it('a scene that is the id of a dialog starts it without a row', async () => {
    const stage = await startStage();
    try {
      await stage.phone.do({ kind: 'join', scene: 'return-order' });
      await stage.until('it has come', () => stage.inbounds.length === 1);
      expect(stage.inbounds[0]?.content).to.deep.equal({
        kind: 'choice',
        value: 'return-order',
        text: 'return an order',
      });
      await stage.phone.do({ kind: 'join', scene: 'poster-7' });
      await stage.until('the other has come', () => stage.inbounds.length === 2);
      expect(stage.inbounds[1]?.content).to.include({ kind: 'event', name: 'join' });
    } finally {
      await stage.stop();
    }
  });
});
