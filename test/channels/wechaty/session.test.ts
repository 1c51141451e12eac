import { expect } from 'chai';
import { FileBox } from 'file-box';
import * as wechaty from 'wechaty';
import { mock, PuppetMock } from 'wechaty-puppet-mock';
import definition, { wechatyChannel } from '../../../channels/wechaty/index.ts';
import { channelEnv } from '../../../src/channel/channel-env.ts';
import type { Accepted } from '../../../src/channel/channel.ts';
import { ConfigError } from '../../../src/errors.ts';
import type { Inbound } from '../../../src/message.ts';
import { createLogger } from '../../../src/log.ts';
import {
  arrive,
  emit,
  soon,
  started,
  startWechaty,
  type WechatyBot,
  type WechatyOptions,
} from '../../support/wechaty-bot.ts';

describe('wechaty: the session', () => {
  let wechat: WechatyBot;
  const logged: string[] = [];
  afterEach(() => wechat.stop());

  async function begin(options: WechatyOptions = {}): Promise<void> {
    logged.length = 0;
    const logger = createLogger('debug', { write: (line) => logged.push(line) });
    wechat = await startWechaty({ logger, ...options });
  }

  const notes = (): string => wechat.channel.health!().notes.join('\n');

  it('shows the code to scan, once in the terminal, until somebody is logged in', async () => {
    await begin({ login: false });
    expect(wechat.channel.health!()).to.include({ ok: false });
    expect(notes()).to.match(/^Starting since \d{4}-/);
    await soon(() => wechat.bots.length === 1);
    const { mocker } = wechat;
    await soon(() => started(wechat.bots[0]));
    mocker.scan('https://login.example/1', wechaty.ScanStatus.Cancel);
    await soon(() => wechat.channel.health!().qr !== undefined);
    expect(wechat.printed, 'not waiting for a scan').to.deep.equal([]);
    mocker.scan('https://login.example/1', wechaty.ScanStatus.Waiting);
    mocker.scan('https://login.example/1', wechaty.ScanStatus.Waiting);
    expect(wechat.channel.health!().qr).to.equal('https://login.example/1');
    expect(wechat.printed).to.have.length(1);
    expect(wechat.printed[0]).to.match(/[█▀▄]{5}/u);
    mocker.scan('https://login.example/2', wechaty.ScanStatus.Waiting);
    expect(wechat.printed).to.have.length(2);
    mocker.scan('https://login.example/2', wechaty.ScanStatus.Timeout);
    expect(wechat.channel.health!().qr).to.equal(undefined);
    mocker.scan('', wechaty.ScanStatus.Scanned);
    expect(notes()).to.match(/confirmation/);
    mocker.login(wechat.self);
    await soon(() => wechat.channel.health!().ok);
    expect(wechat.channel.health!()).to.not.have.property('qr');
    expect(notes()).to.match(/^Logged in since /);
    expect(logged.join('')).not.to.include('login.example');
  });

  it('is not ready after a logout, and again after the next login', async () => {
    await begin();
    await wechat.mocker.puppet.logout();
    await soon(() => !wechat.channel.health!().ok);
    expect(notes()).to.match(/^Logged out since /);
    const [refused] = await wechat.deliver({}, { from: 'bot', text: 'hi' });
    expect(refused).to.have.property('state', 'failed');
    expect(refused).to.deep.nested.include({
      'error.retryable': true,
      'error.unknownOutcome': false,
    });
    wechat.mocker.login(wechat.self);
    await soon(() => wechat.channel.health!().ok);
    expect(await wechat.deliver({}, { from: 'bot', text: 'hi' })).to.deep.equal([
      { state: 'sent' },
    ]);
  });

  it('survives what a puppet emits and what its own listeners throw', async () => {
    await begin({
      parts: {
        print: () => {
          throw new TypeError('no terminal');
        },
      },
    });
    const bot = wechat.bots[0]!;
    emit(bot, 'error', Object.assign(new Error('token puppet_secret_1'), { code: 'EPUPPET' }));
    emit(bot, 'error', 'what a customer wrote');
    emit(bot, 'error', undefined);
    expect(notes()).to.match(/The last of 3 fault\(s\) came at .*: GError$/);
    wechat.mocker.scan('https://login.example/1', wechaty.ScanStatus.Waiting);
    emit(bot, 'message', undefined);
    emit(bot, 'message', {});
    emit(bot, 'scan', 'x'.repeat(10_000), 2);
    await new Promise((resolve) => setImmediate(resolve));
    expect(notes()).to.match(/The last of [67] fault/);
    await wechat.mocker.puppet.logout();
    wechat.mocker.login(wechat.self);
    await soon(() => wechat.channel.health!().ok);
    arrive(wechat, { text: 'still there?' });
    await soon(() => wechat.desk.accepted.length === 1);
    expect(logged.join('')).not.to.include('puppet_secret_1');
    expect(logged.join('')).not.to.include('what a customer wrote');
    expect(notes()).not.to.match(/puppet_secret_1|customer/);
  });

  it('tries again to store a message, and outlives one that can not be stored', async () => {
    let failures = 2;
    await begin();
    const changed = wechat.desk.context as { accept: (inbound: Inbound) => Promise<Accepted> };
    const accept = changed.accept.bind(changed);
    changed.accept = (inbound) => {
      if (failures === 0) return accept(inbound);
      failures -= 1;
      throw new Error('disk full');
    };
    arrive(wechat, { text: 'a' });
    await soon(() => wechat.desk.accepted.length === 1);
    expect(wechat.time.waits).to.include.members([200, 1000]);
    failures = 4;
    arrive(wechat, { text: 'lost' });
    arrive(wechat, { text: 'b' });
    await soon(() => wechat.desk.accepted.length === 2);
    expect(wechat.desk.accepted.map((i) => i.content)).to.deep.equal([
      { kind: 'text', text: 'a' },
      { kind: 'text', text: 'b' },
    ]);
    expect(logged.join('')).to.include('a listener failed').and.not.to.include('lost');
  });

  it('is not held up by a puppet that does not start, and starts it again', async () => {
    const build = (options: { start: () => Promise<void> }) => () => {
      const bot = wechaty.WechatyBuilder.build({
        puppet: new PuppetMock({ mocker: new mock.Mocker() }),
      });
      starts += 1;
      bot.start = options.start;
      return bot;
    };
    let starts = 0;
    await begin({
      login: false,
      parts: { build: build({ start: () => new Promise(() => undefined) }) },
    });
    expect(starts).to.equal(1);
    await wechat.time.advance(119_000);
    expect(starts).to.equal(1);
    await wechat.time.advance(1000);
    await soon(() => notes().includes('Not up'));
    await soon(() => wechat.time.waits.at(-1) === 3750);
    await wechat.time.advance(3750);
    await soon(() => starts === 2);
  });

  it('waits longer and longer between starts that fail, but never more than five minutes', async () => {
    let starts = 0;
    await begin({
      login: false,
      parts: {
        build: () => {
          starts += 1;
          throw new Error('no such protocol');
        },
        wait: async (ms, signal) => {
          waits.push(ms);
          if (waits.length > 9 && !signal.aborted) {
            await new Promise((resolve) =>
              signal.addEventListener('abort', resolve, { once: true }),
            );
          }
        },
      },
    });
    await soon(() => waits.length === 10);
    expect(starts).to.equal(10);
    expect(waits.slice(0, 3)).to.deep.equal([3750, 7500, 15_000]);
    expect(waits.at(-1)).to.equal(225_000);
    expect(Math.max(...waits)).to.be.at.most(300_000);
    expect(notes()).to.match(/Not up.*\nThe last of 10 fault/s);
  });
  const waits: number[] = [];

  it('ends a bot that logged out and stays away, and takes no word from it any more', async () => {
    await begin();
    const [first] = wechat.bots;
    const mocker = new mock.Mocker();
    await wechat.mocker.puppet.logout();
    await soon(() => notes().includes('Logged out'));
    await soon(() => wechat.time.pending() > 0);
    (wechat as { mocker: mock.Mocker }).mocker = mocker;
    await wechat.time.advance(120_000);
    await soon(() => notes().includes('Not up'));
    emit(first, 'login', undefined);
    expect(wechat.channel.health!().ok).to.equal(false);
    await soon(() => wechat.time.waits.at(-1) === 3750);
  });

  it('keeps what Wechaty logs away from the terminal', async () => {
    const written: string[] = [];
    const write = process.stdout.write.bind(process.stdout);
    const { log: print, info, warn, error } = console;
    const take = (text: unknown): boolean => written.push(String(text)) > 0;
    Object.assign(console, { log: take, info: take, warn: take, error: take });
    process.stdout.write = take;
    try {
      wechaty.log.level('silly');
      wechaty.log.enableLogging(true);
      const load = (): Promise<typeof wechaty & { FileBox: typeof FileBox }> => {
        expect(written, 'the loggers write at all').not.to.deep.equal([]);
        written.length = 0;
        return Promise.resolve({ ...wechaty, FileBox });
      };
      await begin({ parts: { load } });
      arrive(wechat, { text: 'a secret of a customer' });
      await soon(() => wechat.desk.accepted.length === 1);
      await wechat.deliver({}, { from: 'bot', text: 'another secret' });
      expect(written.join('\n')).to.equal('');
    } finally {
      process.stdout.write = write;
      Object.assign(console, { log: print, info, warn, error });
    }
  });
});

describe('wechaty: configuration', () => {
  it('is switched on by the name of a puppet', () => {
    expect(channelEnv(definition, {}).on).to.equal(false);
    const on = channelEnv(definition, { WECHATY_PUPPET: 'x', WECHATY_LANG: 'zh' });
    expect(on).to.deep.include({ on: true, values: { WECHATY_PUPPET: 'x', WECHATY_LANG: 'zh' } });
  });

  const load = (): Promise<typeof wechaty & { FileBox: typeof FileBox }> =>
    Promise.resolve({ ...wechaty, FileBox });
  const missing = Object.assign(new Error('gone'), { code: 'ERR_MODULE_NOT_FOUND' });
  const cases = {
    'wechaty is not installed': {
      parts: { load: () => Promise.reject(missing) },
      env: { WECHATY_PUPPET: 'wechaty-puppet-x' },
      says: /WECHATY_PUPPET.*npm install wechaty file-box wechaty-puppet-x/,
    },
    'wechaty does not load': {
      parts: { load: () => Promise.reject(new Error('wrong Node')) },
      env: { WECHATY_PUPPET: 'wechaty-puppet-x' },
      says: /wrong Node/,
    },
    'the puppet is not installed': {
      parts: { load },
      env: { WECHATY_PUPPET: 'wechaty-puppet-nowhere' },
      says: /wechaty-puppet-nowhere \(not installed\); run: npm install wechaty file-box wechaty-puppet-nowhere/,
    },
    'the puppet is no name': {
      parts: { load },
      env: { WECHATY_PUPPET: '../../evil' },
      says: /not the name of an npm package/,
    },
    'the language is none': {
      parts: { load },
      env: { WECHATY_PUPPET: 'wechaty-puppet-mock', WECHATY_LANG: 'fr' },
      says: /WECHATY_LANG.*zh or en/,
    },
  };
  for (const [name, { parts, env, says }] of Object.entries(cases)) {
    it(`refuses the start where ${name}`, async () => {
      const refused = await wechatyChannel(parts)
        .open({ env } as never)
        .then(
          () => undefined,
          (error: unknown) => error,
        );
      expect(refused).to.be.instanceOf(ConfigError).with.property('message').that.matches(says);
    });
  }

  it('loads the packages that are installed', async () => {
    const { installed, loadWechaty } = await import('../../../channels/wechaty/bot.ts');
    const loaded = await loadWechaty('wechaty-puppet-mock', installed);
    expect(loaded.FileBox.fromBase64('aGk=', 'a.txt').name).to.equal('a.txt');
    const bot = installed.build(loaded, { puppet: 'wechaty-puppet-mock', name: 'unused' });
    expect(loaded.WechatyBuilder.valid(bot)).to.equal(true);
  });
});
