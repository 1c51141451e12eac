import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { expect } from 'chai';

const root = resolve(import.meta.dirname, '..');

interface Import {
  readonly from: string;
  readonly to: string;
  readonly typeOnly: boolean;
}

function filesUnder(dir: string): string[] {
  return readdirSync(join(root, dir), { withFileTypes: true, recursive: true })
    .filter((e) => e.isFile() && e.name.endsWith('.ts') && !e.name.endsWith('.d.ts'))
    .map((e) => relative(root, join(e.parentPath, e.name)));
}

/** Every import of a file, static, re-exported or dynamic; relative ones as paths from the root. */
function importsOf(file: string): Import[] {
  const source = readFileSync(join(root, file), 'utf8').replaceAll(/\/\*[\s\S]*?\*\//gu, '');
  const found = source.matchAll(
    /(?:^|\n)\s*(import|export)\s+(type\s)?[^'";]*?from\s+'([^']+)'|(?:^|\n)\s*import\s+'([^']+)'|\bimport\(\s*'([^']+)'/gu,
  );
  return [...found].map((m) => {
    const name = m[3] ?? m[4] ?? m[5] ?? '';
    const to = name.startsWith('.') ? relative(root, resolve(root, dirname(file), name)) : name;
    return { from: file, to, typeOnly: m[2] !== undefined };
  });
}

const source = ['src', 'dialogs', 'channels'].flatMap(filesUnder);
const imports = source.flatMap(importsOf);

/** Layers from the top; a file may import its own folder and those of lower layers. */
const LAYERS: readonly (readonly string[])[] = [
  ['src/index.ts', 'src/cli'],
  ['src/app.ts', 'src/metrics.ts', 'src/open-channels.ts', 'src/server.ts'],
  ['src/turn'],
  [
    'src/understanding',
    'src/dialog',
    'src/knowledge',
    'src/ticket',
    'src/handoff',
    'src/channel',
    'src/connector',
  ],
  ['src/store'],
  [
    'src/learning',
    'src/text',
    'src/message.ts',
    'src/errors.ts',
    'src/log.ts',
    'src/config.ts',
    'src/rate-limit.ts',
  ],
];

function place(file: string): { layer: number; part: string } {
  for (const [layer, parts] of LAYERS.entries()) {
    const part = parts.find((p) => file === p || file.startsWith(`${p}/`));
    if (part !== undefined) return { layer, part };
  }
  return { layer: -1, part: file };
}

/** The only files that may import Bot Framework packages. */
const BOTBUILDER = [
  'src/channel/bot-adapter.ts',
  'src/channel/bot-endpoint.ts',
  'src/channel/bot-reply.ts',
  'src/dialog/compile.ts',
  'src/dialog/run.ts',
  'src/dialog/slot-prompt.ts',
  'src/store/bot-storage.ts',
  'src/understanding/recognizer.ts',
];

describe('architecture', () => {
  it('finds imports to judge', () => {
    expect(imports.length).to.be.greaterThan(300);
  });

  it('gives every source file a layer', () => {
    const stray = filesUnder('src').filter((f) => place(f).layer < 0);
    expect(stray).to.deep.equal([]);
  });

  it('imports only point down', () => {
    const wrong = imports
      .filter((i) => i.from.startsWith('src/') && i.to.startsWith('src/'))
      .filter((i) => {
        const from = place(i.from);
        const to = place(i.to);
        if (from.part === to.part) return false;
        const base = from.layer === LAYERS.length - 1;
        return base ? to.layer !== from.layer : to.layer <= from.layer;
      })
      .map((i) => `${i.from} -> ${i.to}`);
    expect(wrong).to.deep.equal([]);
  });

  it('nothing in src names a file of dialogs/ or channels/', () => {
    const wrong = imports.filter(
      (i) => i.from.startsWith('src/') && /^(?:dialogs|channels)\//u.test(i.to),
    );
    expect(wrong).to.deep.equal([]);
  });

  it('dialogs import the authoring API only', () => {
    const wrong = imports.filter(
      (i) =>
        i.from.startsWith('dialogs/') &&
        i.to !== 'src/dialog/index.ts' &&
        !i.from.endsWith('.component.ts'),
    );
    expect(wrong).to.deep.equal([]);
  });

  it('channels import the port, the data, errors and text only', () => {
    const allowed = ['src/channel/', 'src/text/', 'src/message.ts', 'src/errors.ts'];
    const wrong = imports.filter((i) => {
      if (!i.from.startsWith('channels/')) return false;
      const own = i.from.split('/').slice(0, 2).join('/');
      const inRepo = /^(?:src|dialogs|channels|knowledge|test|bench)\//u.test(i.to);
      return inRepo && !i.to.startsWith(`${own}/`) && !allowed.some((a) => i.to.startsWith(a));
    });
    expect(wrong.map((i) => `${i.from} -> ${i.to}`)).to.deep.equal([]);
  });

  it('Bot Framework packages are imported in the starred files only', () => {
    const wrong = imports
      .filter((i) => /^botbuilder|^botframework-(?!webchat$)/u.test(i.to))
      .filter((i) => !BOTBUILDER.includes(i.from) && !i.from.endsWith('.component.ts'))
      .map((i) => `${i.from} -> ${i.to}`);
    expect(wrong).to.deep.equal([]);
  });

  it('only the store writes SQL', () => {
    const wrong = imports
      .filter(
        (i) => /^(?:kysely|libsql|pg)(?:\/|$)/u.test(i.to) && !i.from.startsWith('src/store/'),
      )
      .map((i) => i.from);
    expect(wrong).to.deep.equal([]);
  });

  it('only config.ts reads the environment', () => {
    const wrong = source.filter(
      (f) => f !== 'src/config.ts' && readFileSync(join(root, f), 'utf8').includes('process.env'),
    );
    expect(wrong).to.deep.equal([]);
  });

  it('no file is longer than 400 lines, and half are at most 100', () => {
    const lengths = source.map((f) => ({
      f,
      n: readFileSync(join(root, f), 'utf8').split('\n').length - 1,
    }));
    expect(lengths.filter((l) => l.n > 400)).to.deep.equal([]);
    const sorted = lengths.map((l) => l.n).sort((a, b) => a - b);
    expect(sorted[Math.floor(sorted.length / 2)]).to.be.at.most(100);
  });
});
