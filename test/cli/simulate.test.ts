import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect } from 'chai';

const ROOT = join(import.meta.dirname, '../..');

describe('npm run simulate', function () {
  this.timeout(30_000);
  const children: ChildProcess[] = [];
  afterEach(() => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
  });

  function simulate(...args: string[]): { child: ChildProcess; out: () => string } {
    const command = ['--import=tsx', 'src/cli/simulate.ts', ...args];
    const child = spawn(process.execPath, command, { cwd: ROOT });
    children.push(child);
    let out = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (part: Buffer) => (out += part.toString()));
    }
    return { child, out: () => out };
  }

  it('prints the settings, has the server verified, and ends on a signal', async () => {
    const server = createServer((request, response) => {
      response.end(new URL(request.url ?? '/', 'http://localhost').searchParams.get('echostr'));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const callback = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    const { child, out } = simulate('wechat', '--port', '0', '--callback', callback);
    while (!out().includes('is verified')) await once(child.stdout!, 'data');
    expect(out()).to.match(/^WECHAT_APP_ID=wx[\da-f]{16} \\$/mu);
    const api = /^WECHAT_API_BASE=(\S+)/mu.exec(out())?.[1] ?? '';
    expect(out()).to.include(`The customer's phone: ${api}/`);
    expect(await (await fetch(`${api}/`)).text()).to.match(/^<!doctype html>/u);
    child.kill('SIGINT');
    const [code] = (await once(child, 'exit')) as [number | null];
    expect(code).to.equal(0);
    server.closeAllConnections();
    server.close();
  });

  for (const [args, said] of [
    [['nothing'], /say which one: .*wechat/u],
    [['wechat', '--port', 'x'], /--port/u],
    [['wechat', '--callback', 'x'], /--callback/u],
  ] as const) {
    it(`says what is wrong with ${args.join(' ')}`, async () => {
      const { child, out } = simulate(...args);
      const [code] = (await once(child, 'close')) as [number | null];
      expect(code).to.equal(2);
      expect(out()).to.match(said);
    });
  }
});
