import { expect } from 'chai';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import startWechat, { type WechatSimulator } from '../../../simulators/wechat/index.ts';
import { textOf } from '../../../simulators/wechat/xml.ts';
import { startBrowser } from '../../support/web-browser.ts';
import { startStub, type StubServer } from './stub-server.ts';

const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

describe("the simulator's phone as a page", function () {
  this.timeout(60_000);
  let simulator: WechatSimulator;
  let stub: StubServer;
  let browser: Browser | undefined;
  let context: BrowserContext | undefined;
  const complaints: string[] = [];

  before(async function () {
    simulator = await startWechat({ resendAfterMs: 40 });
    stub = await startStub(simulator);
    stub.answer = (push) => {
      const said = textOf(push.message, 'Content') ?? textOf(push.message, 'Event') ?? 'image';
      if (said === 'nothing') return '{}';
      const link = '<a href="weixin://bizmsgmenu?msgmenucontent=tapped&msgmenuid=m1">点我</a>';
      return stub.reply(push, { Content: `<b>${said}</b>\n${link}` });
    };
    browser = await startBrowser();
    if (!browser) {
      // eslint-disable-next-line no-console
      console.warn('SKIPPED: /usr/bin/chromium is not installed, the phone page was NOT tested');
      this.skip();
    }
  });
  after(async () => {
    await context?.close();
    await browser?.close();
    await simulator.stop();
    await stub.stop();
  });

  it('is a phone to talk with: type, tap, send a picture, follow, see what is refused', async () => {
    context = await browser!.newContext({
      locale: 'zh-CN',
      viewport: { width: 375, height: 667 },
    });
    const page: Page = await context.newPage();
    page.on('console', (m) => m.type() === 'error' && complaints.push(m.text()));
    page.on('pageerror', (error) => complaints.push(String(error)));
    await page.goto(`${simulator.url}/?user=o1`);
    const stream = page.getByRole('log');
    const box = page.getByRole('textbox', { name: '输入消息' });

    await box.fill('你好');
    await box.press('Enter');
    await stream.getByText('<b>你好</b>', { exact: true }).waitFor();
    await page.getByRole('button', { name: '点我' }).first().click();
    await stream.getByText('<b>tapped</b>', { exact: true }).waitFor();
    expect(textOf(stub.pushes.at(-1)?.message, 'bizmsgmenuid')).to.equal('m1');

    await page
      .getByLabel('发送图片')
      .setInputFiles({ name: 'a.png', mimeType: 'image/png', buffer: PNG });
    await stream.getByText('<b>image</b>', { exact: true }).waitFor();
    const drawn = stream.getByRole('img').first();
    expect(
      await drawn.evaluate((i) => (i as unknown as { naturalWidth: number }).naturalWidth),
    ).to.equal(1);

    await box.fill('nothing');
    await box.press('Enter');
    await stream.getByText('该公众号暂时无法提供服务，请稍后再试').waitFor();
    await page.getByText('passive reply: 0').waitFor();
    await page.getByText('还能主动发送').waitFor();
    await page.getByRole('button', { name: '取消关注' }).click();
    await page.getByRole('button', { name: '关注', exact: true }).waitFor();

    const order: string[] = await stream
      .locator('.bubble')
      .evaluateAll((all) => all.map((b) => (b as unknown as { className: string }).className));
    expect(order.slice(0, 4)).to.deep.equal([
      'bubble me sent',
      'bubble them text',
      'bubble me sent',
      'bubble them text',
    ]);
    const wide = await page.evaluate('document.documentElement.scrollWidth');
    expect(wide).to.equal(375);

    simulator.phone('o1').show({ kind: 'text', text: 'from outside', items: [] }, 'active');
    await stream.getByText('from outside').waitFor();
    await page.getByRole('button', { name: 'English' }).click();
    await page.getByRole('textbox', { name: 'Message' }).waitFor();
    await page.getByRole('textbox', { name: 'Customer (any name)' }).fill('o2');
    await page.getByRole('button', { name: 'Open' }).click();
    await page.getByRole('heading', { name: 'o2' }).waitFor();
    expect(await stream.locator('.bubble').count()).to.equal(0);
    const folder = process.env.SHOTS;
    if (folder) await page.screenshot({ path: `${folder}/phone.png`, fullPage: true });
    expect(complaints).to.deep.equal([]);
  });

  it('takes gestures as JSON alone, and says which it does not know', async () => {
    const post = async (body: string, type: string): Promise<number> => {
      const headers = { 'Content-Type': type };
      const to = `${simulator.url}/phone/o3`;
      return (await fetch(to, { method: 'POST', headers, body })).status;
    };
    const text = JSON.stringify({ kind: 'text', text: 'a' });
    expect(await post(text, 'text/plain')).to.equal(415);
    expect(await post('{"kind":"dance"}', 'application/json')).to.equal(400);
    expect(await post('{"kind":"tap","id":"none"}', 'application/json')).to.equal(400);
    expect(await post(text, 'application/json')).to.equal(200);
    expect((await fetch(`${simulator.url}/phone/%ff`)).status).to.equal(404);
  });
});
