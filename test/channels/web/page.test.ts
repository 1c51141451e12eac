import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { request } from 'node:http';
import { expect } from 'chai';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { startBrowser } from '../../support/web-browser.ts';
import { startWeb, type WebServer } from '../../support/web-server.ts';

const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

describe('the chat page', function () {
  this.timeout(60_000);
  let web: WebServer;
  let browser: Browser | undefined;
  let context: BrowserContext;
  let complaints: string[];

  before(async function () {
    web = await startWeb();
    browser = await startBrowser();
    if (!browser) {
      // eslint-disable-next-line no-console
      console.warn('SKIPPED: /usr/bin/chromium is not installed, the chat page was NOT tested');
      this.skip();
    }
  });
  beforeEach(() => {
    complaints = [];
  });
  afterEach(() => context.close());
  after(async () => {
    await browser?.close();
    await web.stop();
  });

  async function open(
    locale: string,
    size = { width: 1100, height: 760 },
    path = '/',
    prepare?: (page: Page) => Promise<void>,
  ): Promise<Page> {
    context = await browser!.newContext({ locale, viewport: size });
    const page = await context.newPage();
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(String(error)));
    page.on('request', (sent) => {
      const { protocol, origin } = new URL(sent.url());
      const ours = origin === web.base || protocol === 'data:' || protocol === 'blob:';
      if (!ours) complaints.push(`asked ${sent.url()}`);
    });
    await prepare?.(page);
    await page.goto(web.base + path);
    await box(page).waitFor();
    return page;
  }

  const box = (page: Page): ReturnType<Page['locator']> =>
    page.locator('[data-id="webchat-sendbox-input"]');

  /** A bubble with exactly this text; Web Chat also reads each one out of sight. */
  function bubble(page: Page, text: string): ReturnType<Page['locator']> {
    const whole = new RegExp(`^\\s*${text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')}\\s*$`, 'u');
    return page.locator('.webchat__text-content').filter({ hasText: whole });
  }

  function choice(page: Page, name: string): ReturnType<Page['locator']> {
    return page.getByRole('toolbar').getByRole('button', { name });
  }

  async function shot(page: Page, name: string): Promise<void> {
    const folder = process.env.SHOTS;
    if (folder) await page.screenshot({ path: `${folder}/${name}.png` });
  }

  async function say(page: Page, text: string): Promise<void> {
    await box(page).fill(text);
    await box(page).press('Enter');
    await bubble(page, `echo: ${text}`).waitFor();
  }

  it('greets, answers, offers choices, and keeps all of it over a reload', async () => {
    const page = await open('zh-CN');
    expect(await page.title()).to.equal('在线客服');
    expect(await page.getAttribute('html', 'lang')).to.equal('zh-CN');
    await bubble(page, 'event join').waitFor();
    await say(page, '我的快递到哪了？');
    await say(page, 'choices');
    await shot(page, 'desktop-choices');
    await choice(page, '质量问题').click();
    await bubble(page, 'chose v-quality').waitFor();
    await choice(page, '质量问题').waitFor({ state: 'detached' });
    await page.reload();
    await bubble(page, 'chose v-quality').waitFor();
    await bubble(page, 'echo: 我的快递到哪了？').waitFor();
    expect(await bubble(page, 'event join').count()).to.equal(1);
    await shot(page, 'desktop-reloaded');
    await say(page, '还在吗');
    const events = web.desk.accepted.filter((i) => i.content.kind === 'event');
    expect(events.length).to.equal(1);
    expect(events[0]!.lang).to.equal('zh');
    expect(complaints).to.deep.equal([]);
  });

  it('works on a phone and by keyboard alone', async () => {
    const page = await open('en-US', { width: 390, height: 844 });
    expect(await page.title()).to.equal('Customer service');
    await box(page).focus();
    await page.keyboard.type('choices');
    await page.keyboard.press('Enter');
    const first = choice(page, '质量问题');
    await first.waitFor();
    for (let i = 0; i < 15; i += 1) {
      if (await first.and(page.locator(':focus')).count()) break;
      await page.keyboard.press('Shift+Tab');
    }
    await shot(page, 'phone-choices');
    await page.keyboard.press('Enter');
    await bubble(page, 'chose v-quality').waitFor();
    const wide = await page.evaluate<number>('document.documentElement.scrollWidth');
    expect(wide).to.be.at.most(390);
    await say(
      page,
      'A long question about my parcel, which was sent last week and is not here yet',
    );
    await shot(page, 'phone-long');
    expect(complaints).to.deep.equal([]);
  });

  it('changes its language by button and by link, in the same conversation', async () => {
    const page = await open('en-US', undefined, '/?lang=zh');
    expect(await page.title()).to.equal('在线客服');
    await say(page, '一');
    await page.locator('#language').click();
    expect(await page.title()).to.equal('Customer service');
    expect(await box(page).getAttribute('placeholder')).to.equal('Type your question');
    await bubble(page, 'echo: 一').waitFor();
    await say(page, 'two');
    expect(web.desk.accepted.at(-1)!.lang).to.equal('en');
    await page.reload();
    await bubble(page, 'echo: two').waitFor();
    expect(await page.title()).to.equal('Customer service');
    expect(complaints).to.deep.equal([]);
  });

  it('begins a new conversation on request', async () => {
    const page = await open('en-US');
    await say(page, 'old');
    page.on('dialog', (dialog) => void dialog.accept());
    await page.locator('#new-chat').click();
    await bubble(page, 'event join').waitFor();
    await box(page).waitFor();
    expect(await bubble(page, 'echo: old').count()).to.equal(0);
    await say(page, 'new');
  });

  it('sends a picture and shows it', async () => {
    const page = await open('en-US');
    await page.locator('input[type=file]').setInputFiles({
      name: 'photo.png',
      mimeType: 'image/png',
      buffer: PNG,
    });
    await bubble(page, '1 file(s)').waitFor();
    const { content } = web.desk.accepted.at(-1)!;
    expect(content).to.have.nested.property('attachments[0].kind', 'image');
    await page.reload();
    await bubble(page, '1 file(s)').waitFor();
    await shot(page, 'picture');
    await page.locator('img[src*="/channels/web/files/"]').waitFor();
    expect(complaints).to.deep.equal([]);
  });

  it('shows what customers and bots write as text, never as markup', async () => {
    const page = await open('en-US');
    const attacks = [
      '<img src=x onerror=alert(1)>',
      '[x](javascript:alert(1))',
      '<script>alert(1)</script>',
    ];
    let alerts = 0;
    page.on('dialog', (dialog) => {
      alerts += 1;
      void dialog.dismiss();
    });
    for (const attack of attacks) await say(page, attack);
    expect(alerts).to.equal(0);
    expect(await page.locator('#chat a[href^="javascript"], #chat img[src="x"]').count()).to.equal(
      0,
    );
    expect(complaints).to.deep.equal([]);
  });

  it('shows what came while its socket was down', async () => {
    let drop: (() => Promise<void>) | undefined;
    const page = await open('en-US', undefined, '/', (fresh) =>
      fresh.routeWebSocket(/stream/, (socket) => {
        socket.connectToServer();
        drop = () => socket.close({ code: 3001 });
      }),
    );
    await say(page, 'one');
    const { address } = web.desk.accepted.at(-1)!;
    await drop!();
    web.desk.say(`web:default:${address.conversation}`, 'x', [{ from: 'bot', text: 'news' }]);
    await bubble(page, 'news').waitFor({ timeout: 40_000 });
    expect(await bubble(page, 'news').count()).to.equal(1);
  });
});

describe('the files of the page', () => {
  let web: WebServer;
  before(async () => {
    web = await startWeb();
  });
  after(() => web.stop());

  function get(
    path: string,
    headers: Record<string, string>,
  ): Promise<{ status: number; headers: Record<string, unknown>; body: Buffer }> {
    return new Promise((resolve, reject) => {
      const sent = request(web.base + path, { headers }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => {
          const { statusCode = 0 } = response;
          resolve({ status: statusCode, headers: response.headers, body: Buffer.concat(chunks) });
        });
      });
      sent.on('error', reject);
      sent.end();
    });
  }

  it('come compressed, pinned by their content, and not twice', async () => {
    const html = (await get('/', {})).body.toString();
    const path = /\/channels\/web\/page\/webchat\.js\?v=[\w-]+/.exec(html)![0];
    const plain = await get(path, {});
    expect(plain.headers['cache-control']).to.contain('immutable');
    const br = await get(path, { 'accept-encoding': 'gzip, br' });
    expect(br.headers['content-encoding']).to.equal('br');
    expect(br.body.length).to.be.lessThan(500_000);
    expect(brotliDecompressSync(br.body).equals(plain.body)).to.equal(true);
    const gz = await get(path, { 'accept-encoding': 'gzip' });
    expect(gunzipSync(gz.body).equals(plain.body)).to.equal(true);
    const etag = String(plain.headers.etag);
    const again = await get(path, { 'if-none-match': etag });
    expect(again.status).to.equal(304);
    expect(again.body.length).to.equal(0);
    const stale = await get(path.replace(/v=.*/, 'v=old'), {});
    expect(stale.headers['cache-control']).to.equal('no-cache');
  });

  it('are these only', async () => {
    for (const name of ['index.html', '..%2f..%2fpackage.json', '__proto__', 'constructor']) {
      expect((await get(`/channels/web/page/${name}`, {})).status, name).to.equal(404);
    }
  });

  it('let nothing run but what the page names', async () => {
    const { headers, body } = await get('/?lang=%22%3E%3Cscript%3E', {});
    const policy = String(headers['content-security-policy']);
    expect(policy).to.match(/script-src 'nonce-[\w+/=]{20,}'(;|$)/);
    expect(policy).to.contain("default-src 'none'").and.contain("frame-ancestors 'self'");
    expect(body.toString()).not.to.contain('"><script>');
    const other = await get('/', {});
    expect(String(other.headers['content-security-policy'])).not.to.equal(policy);
  });
});
