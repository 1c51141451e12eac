import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { botEndpoint } from '../src/channel/bot-endpoint.ts';
import { channelEnv, variablesOf } from '../src/channel/channel-env.ts';
import { discoverChannels } from '../src/channel/discovery.ts';
import { CONFIG_NAMES, readConfig } from '../src/config.ts';
import { ConfigError } from '../src/errors.ts';

const root = join(import.meta.dirname, '..');

function faultsOf(env: Record<string, string>): readonly string[] {
  try {
    readConfig(env);
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.faults.map((f) => f.name);
  }
}

describe('config', () => {
  it('has a default for everything', () => {
    const config = readConfig({});
    expect(config).to.include({ port: 3978, host: '0.0.0.0', dataDir: './data', logLevel: 'info' });
    expect(config).not.to.have.property('publicUrl');
  });

  it('reports every fault at once, by name', () => {
    const env = { PORT: 'many', LOG_LEVEL: 'loud', PUBLIC_URL: 'chat.example.com/' };
    expect(faultsOf(env)).to.have.members(['PORT', 'LOG_LEVEL', 'PUBLIC_URL']);
  });

  it('treats an empty variable as not set', () => {
    expect(readConfig({ PORT: '', PUBLIC_URL: '' }).port).to.equal(3978);
  });

  it('refuses a database it can not use, instead of ignoring it', () => {
    expect(faultsOf({ DATABASE_URL: 'postgres://127.0.0.1/yingda' })).to.deep.equal([
      'DATABASE_URL',
    ]);
  });

  for (const [env, missing] of [
    [{ MicrosoftAppId: 'a' }, 'MicrosoftAppPassword'],
    [{ MicrosoftAppPassword: 'b' }, 'MicrosoftAppId'],
    [
      { MicrosoftAppId: 'a', MicrosoftAppPassword: 'b', MicrosoftAppType: 'SingleTenant' },
      'MicrosoftAppTenantId',
    ],
  ] as const) {
    it(`refuses half a Bot Framework registration: ${Object.keys(env).join(', ')}`, () => {
      expect(faultsOf(env)).to.include(missing);
    });
  }

  it('has embeddings off, without an endpoint, where nothing is set', () => {
    expect(readConfig({}).embeddings).to.deep.equal({ mode: 'off' });
    expect(faultsOf({ EMBEDDINGS: 'yes' })).to.deep.equal(['EMBEDDINGS']);
  });

  it('takes an embedding endpoint whole, and names what is missing of a half one', () => {
    const endpoint = {
      EMBEDDINGS_API_BASE: 'https://api.example.com/v1',
      EMBEDDINGS_API_KEY: 'sk-1',
      EMBEDDINGS_MODEL: 'small',
    };
    expect(readConfig({ ...endpoint, EMBEDDINGS: 'auto' }).embeddings).to.deep.equal({
      mode: 'auto',
      account: { base: 'https://api.example.com/v1', key: 'sk-1', model: 'small' },
    });
    for (const name of Object.keys(endpoint)) {
      expect(faultsOf({ ...endpoint, [name]: '' })).to.deep.equal([name]);
    }
    expect(faultsOf({ EMBEDDINGS_MODEL: 'small' })).to.have.members([
      'EMBEDDINGS_API_BASE',
      'EMBEDDINGS_API_KEY',
    ]);
    for (const base of [
      'api.example.com',
      'ftp://x/v1',
      'https://x/v1/',
      'https://x/v1?key=1',
      'https://a:b@x/v1',
    ]) {
      expect(faultsOf({ ...endpoint, EMBEDDINGS_API_BASE: base })).to.deep.equal([
        'EMBEDDINGS_API_BASE',
      ]);
    }
  });

  it('is what .env.example lists, together with the channels', async () => {
    const channels = [
      ...(await discoverChannels(join(root, 'channels'))),
      botEndpoint({ dev: false }),
    ];
    const names = channels.flatMap(variablesOf);
    const wanted = new Set([...CONFIG_NAMES, ...names]);
    const lines = readFileSync(join(root, '.env.example'), 'utf8').split('\n');
    const listed = lines.flatMap((l) => /^([A-Za-z_]+)=/u.exec(l)?.[1] ?? []);
    expect(listed).to.have.members([...wanted]);
  });

  it('shows the true defaults in .env.example', () => {
    const text = readFileSync(join(root, '.env.example'), 'utf8');
    const set = [...text.matchAll(/^([A-Za-z_]+)=(.+)$/gmu)].map((m) => [m[1], m[2]]);
    expect(readConfig(Object.fromEntries(set) as Record<string, string>)).to.deep.include({
      ...readConfig({}),
      env: Object.fromEntries(set) as Record<string, string>,
    });
  });

  it('turns a channel on with all of its variables, and names what half of them lack', () => {
    const definition = { name: 'x', env: { required: ['A', 'B'], optional: ['C'] } };
    expect(channelEnv(definition, {})).to.include({ on: false });
    expect(channelEnv(definition, { A: '1', B: '2' })).to.include({ on: true });
    expect(channelEnv(definition, { A: '1' }).faults.map((f) => f.name)).to.deep.equal(['B']);
  });

  it('turns a channel on with a file of accounts alone, but not with half of its variables', () => {
    const env = { required: ['A', 'B'], optional: ['C'], accounts: 'X' };
    const definition = { name: 'x', env };
    expect(channelEnv(definition, { X: 'file' })).to.deep.equal({
      on: true,
      values: { X: 'file' },
      faults: [],
    });
    expect(channelEnv(definition, { X: '', C: '3' })).to.include({ on: false });
    expect(channelEnv(definition, { X: 'file', A: '1', B: '2' }).values).to.have.keys(
      'X',
      'A',
      'B',
    );
    const half = channelEnv(definition, { X: 'file', A: '1' });
    expect(half.on).to.equal(false);
    expect(half.faults.map((f) => f.name)).to.deep.equal(['B']);
  });
});
