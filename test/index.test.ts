import { cp, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { SECRET, startApp, type App } from './support/app-process.ts';

const ROOT = join(import.meta.dirname, '..');
const PRIVATE = {
  phone: '13912345678',
  email: 'canary.person@example.com',
  id: '11010119900307123X',
  card: '6222021234567890123',
};

/** A data folder that has the trained models already. */
async function trained(from: string, to: string): Promise<string> {
  await cp(join(from, 'models'), join(to, 'models'), { recursive: true });
  return to;
}

describe('the program', function () {
  this.timeout(60_000);
  let dir: string;
  let app: App;

  before(async () => {
    dir = await mkdtemp(join(tmpdir(), 'yingda-app-'));
    await cp(join(ROOT, 'knowledge'), join(dir, 'knowledge'), { recursive: true });
    app = await startApp({
      DATA_DIR: join(dir, 'data'),
      KNOWLEDGE_DIR: join(dir, 'knowledge'),
      LOG_LEVEL: 'debug',
    });
  });

  after(async () => {
    await app.stop();
    await rm(dir, { recursive: true, force: true });
  });

  it('answers in both languages', async () => {
    expect(await app.ask('退货运费谁出？')).to.have.length(1);
    expect((await app.ask('Who pays for return shipping?'))[0]).to.match(/postage|pay/iu);
  });

  it('says it is up, ready, and what it counts', async () => {
    for (const [path, part] of [
      ['/healthz', 'up'],
      ['/readyz', 'ready'],
      ['/metrics', 'yingda_turn_seconds_count'],
      ['/metrics', 'yingda_channel_ok{channel="web"} 1'],
      ['/status', 'Replies that were not delivered'],
      ['/status?format=json', '"undelivered":[]'],
    ] as const) {
      const response = await fetch(`${app.base}${path}`);
      expect(response.status).to.equal(200);
      expect(await response.text()).to.include(part);
    }
  });

  it('writes why it answered, and neither private data nor secrets', async () => {
    const c = await app.conversation();
    await app.ask(`我的手机是${PRIVATE.phone}，邮箱 ${PRIVATE.email}`, c);
    await app.ask(`身份证 ${PRIVATE.id} 银行卡 ${PRIVATE.card}`, c);
    await app.ask('运费怎么算？', c);
    await fetch(`${app.base}/v3/directline/conversations/${c.id}/activities`, {
      headers: { Authorization: `Bearer ${c.token}x` },
    });
    await fetch(`${app.base}/v3/directline/conversations/nope/stream?t=${c.token}`);
    await sleep(100);
    const log = app.output();
    expect(log).to.include('"entry":"delivery.fee"').and.include('"decision":"answer"');
    for (const secret of [...Object.values(PRIVATE), SECRET, c.token]) {
      expect(log.includes(secret), `log holds ${secret.slice(0, 12)}…`).to.equal(false);
    }
  });

  it('serves an edited knowledge file within 2 s, and the old one while it has a fault', async () => {
    const file = join(dir, 'knowledge/faq/delivery.yaml');
    const before = await readFile(file, 'utf8');
    const entry =
      '- { id: delivery.zeppelin, question: { zh: 可以用飞艇送货吗, en: Do you deliver by zeppelin? }, answer: { zh: 飞艇可以到, en: Zeppelins welcome }, status: live }\n';
    await writeFile(file, before + entry);
    await sleep(2000);
    expect(await app.ask('可以用飞艇送货吗')).to.deep.equal(['飞艇可以到']);
    await writeFile(file, `${before + entry}- { id: [broken\n`);
    await sleep(1500);
    expect(await app.ask('Do you deliver by zeppelin?')).to.deep.equal(['Zeppelins welcome']);
    expect(app.output()).to.match(/delivery\.yaml/u);
    expect((await fetch(`${app.base}/readyz`)).status).to.equal(200);
    const metrics = await (await fetch(`${app.base}/metrics`)).text();
    expect(metrics).to.match(/yingda_knowledge_faults [1-9]/u);
    await writeFile(file, before);
    await sleep(1500);
    expect((await app.ask('可以用飞艇送货吗'))[0]).not.to.equal('飞艇可以到');
  });

  it('goes on after a kill -9 with the dialog, the history and the tickets', async () => {
    const env = { DATA_DIR: await trained(join(dir, 'data'), join(dir, 'other')) };
    const first = await startApp(env);
    const c = await first.conversation();
    await first.ask('我要退货', c);
    await first.ask('20261101002', c);
    await first.stop('SIGKILL');
    const second = await startApp(env);
    expect((await second.activities(c)).length).to.be.at.least(4);
    expect((await second.ask('不想要了', c))[0]).to.include('20261101002');
    expect((await second.ask('是', c))[0]).to.match(/10000\d/u);
    expect(await second.stop()).to.equal(0);
  });

  it('keeps its own secret, for its owner only, where none is given', async () => {
    const data = await trained(join(dir, 'data'), join(dir, 'secretless'));
    const own = await startApp({ DATA_DIR: data, DIRECTLINE_SECRET: '' });
    await own.stop();
    const { mode } = await stat(join(data, 'web/directline-secret'));
    expect((mode & 0o777).toString(8)).to.equal('600');
  });

  it('drains on SIGTERM: what was acknowledged is answered', async () => {
    const env = { DATA_DIR: await trained(join(dir, 'data'), join(dir, 'drain')) };
    const busy = await startApp(env);
    const talks = await Promise.all(Array.from({ length: 20 }, () => busy.conversation()));
    const posts = talks.map((c) =>
      fetch(`${busy.base}/v3/directline/conversations/${c.id}/activities`, {
        method: 'POST',
        headers: { Authorization: `Bearer ${c.token}`, 'Content-Type': 'application/json' },
        body: JSON.stringify({ type: 'message', from: { id: 'x' }, text: '运费怎么算？' }),
      }).then(
        (r) => r.status === 200,
        () => false,
      ),
    );
    const acknowledged = await Promise.all(posts);
    expect(await busy.stop()).to.equal(0);
    const after = await startApp(env);
    for (const [i, c] of talks.entries()) {
      if (acknowledged[i] !== true) continue;
      const roles = (await after.activities(c)).map((a) => a.from.role);
      expect(roles).to.deep.equal(['user', 'bot']);
    }
    await after.stop();
  });

  for (const [what, env, wanted] of [
    ['half a registration', { MicrosoftAppId: 'x' }, /MicrosoftAppPassword: is missing/u],
    ['several faults', { PORT: 'x', LOG_LEVEL: 'y' }, /LOG_LEVEL[\s\S]*PORT|PORT[\s\S]*LOG_LEVEL/u],
    ['a folder that is not there', { KNOWLEDGE_DIR: '/nowhere' }, /nowhere/u],
  ] as const) {
    it(`refuses to start with ${what}, and says so without a stack`, async () => {
      const refused = await startApp({ DATA_DIR: join(dir, 'no'), ...env }, { ready: false });
      expect(await refused.ended()).to.equal(1);
      expect(refused.output())
        .to.match(wanted)
        .and.not.match(/\n\s+at /u);
    });
  }

  it('has no Bot Framework route without an app id', async () => {
    const response = await fetch(`${app.base}/api/messages`, { method: 'POST', body: '{}' });
    expect(response.status).to.equal(404);
  });
});
