import { existsSync, readFileSync, rmSync } from 'node:fs';
import { cp, mkdir, mkdtemp, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { expect } from 'chai';
import ts from 'typescript';
import web from '../channels/web/index.ts';
import { loadContent, type Content } from '../src/app.ts';
import { readScripts } from '../src/cli/converse/format.ts';
import { HeldClock, playOnEngine } from '../src/cli/converse/stage.ts';
import { FileError } from '../src/errors.ts';
import * as slots from '../src/dialog/slots/index.ts';
import type { OfferedChoice, Slot } from '../src/dialog/slots/slot.ts';
import type { Lang } from '../src/message.ts';
import { NOW, silent } from './support/content.ts';

const root = join(import.meta.dirname, '..');
const MANUALS = ['README', 'dialogs/README'] as const;
const OTHERS = [
  'bench/README',
  'knowledge/README',
  'channels/README',
  'test/conversations/README',
] as const;

function read(path: string): string {
  return readFileSync(join(root, path), 'utf8');
}

/** Code blocks that name a file, such as ```` ```ts dialogs/coupon.ts ````, by that file. */
function samplesOf(text: string): ReadonlyMap<string, string> {
  const blocks = text.matchAll(/^```(?:ts|yaml) (\S+)\n(.*?)^```$/gms);
  return new Map([...blocks].map((m) => [m[1] ?? '', m[2] ?? '']));
}

/** A project on our own sources, gone when the process ends. */
async function newProject(folders: readonly string[]): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'yingda-readme-'));
  process.once('exit', () => rmSync(dir, { recursive: true, force: true }));
  for (const name of ['src', 'node_modules']) await symlink(join(root, name), join(dir, name));
  for (const name of folders) await cp(join(root, name), join(dir, name), { recursive: true });
  await writeFile(join(dir, 'package.json'), '{ "type": "module" }');
  return dir;
}

async function put(dir: string, file: string, text: string): Promise<void> {
  await mkdir(dirname(join(dir, file)), { recursive: true });
  await writeFile(join(dir, file), text);
}

/** Loads dialogs and knowledge of a project. @throws FileError */
function load(dir: string): Promise<Content> {
  return loadContent({
    dialogsDir: join(dir, 'dialogs'),
    knowledgeDir: join(dir, 'knowledge'),
    modelsDir: join(tmpdir(), 'yingda-test-models'),
    clock: { now: () => NOW },
    logger: silent,
    watch: false,
  });
}

const samples = new Map(MANUALS.flatMap((m) => [...samplesOf(read(`${m}.md`))]));
const project = await newProject(['dialogs', 'knowledge']);
for (const [file, text] of samples) await put(project, file, text);

const samplesUnder = (prefix: string) => [...samples.keys()].filter((f) => f.startsWith(prefix));

for (const file of samplesUnder('test/dialogs/')) await import(join(project, file));

describe('manuals', () => {
  it('have the same samples in both languages', () => {
    for (const manual of MANUALS) {
      const [en, zh] = [`${manual}.md`, `${manual}.zh-CN.md`].map((f) => samplesOf(read(f)));
      expect(Object.fromEntries(zh ?? [])).to.deep.equal(Object.fromEntries(en ?? []));
    }
    expect(samplesUnder('dialogs/')).to.have.length(4);
  });

  it('have samples that compile', function () {
    this.timeout(60_000);
    const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), (path) =>
      ts.sys.readFile(path),
    ) as {
      config: { compilerOptions: object };
    };
    const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root);
    const files = [...samplesUnder('dialogs/'), ...samplesUnder('test/dialogs/')];
    const names = files.filter((f) => f.endsWith('.ts')).map((f) => join(project, f));
    const program = ts.createProgram(names, {
      ...options,
      noEmit: true,
      incremental: false,
      types: ['node', 'mocha'],
      typeRoots: [join(root, 'node_modules/@types')],
    });
    const wrong = names.flatMap((name) => {
      const source = program.getSourceFile(name);
      return [
        ...program.getSyntacticDiagnostics(source),
        ...program.getSemanticDiagnostics(source),
      ].map((d) => `${name}: ${ts.flattenDiagnosticMessageText(d.messageText, '\n')}`);
    });
    expect(wrong).to.deep.equal([]);
  });

  it('have samples that load, and conversations that hold', async function () {
    this.timeout(180_000);
    const content = await load(project);
    const channels = new Map([['web', web]]);
    const played: string[] = [];
    const failed: string[] = [];
    for (const file of samplesUnder('test/conversations/')) {
      for (const script of await readScripts(join(project, file))) {
        played.push(script.name);
        const wrong = await playOnEngine(script, 'web', {
          content,
          channels,
          logger: silent,
          clock: new HeldClock(NOW),
        });
        if (wrong === undefined) continue;
        const { line, expected, got } = wrong;
        failed.push(`${script.name} ${file}:${line}\n  expected ${expected}\n  got ${got}`);
      }
    }
    await content.stop();
    expect(failed.join('\n')).to.equal('');
    for (const name of blockAfter(read('README.md'), 'npm run converse').matchAll(
      /^ok {4}(.+) \[web\]$/gm,
    )) {
      expect(played).to.include(name[1]);
    }
  });
});

/** The first block without a language behind the block that holds `mark`. */
function blockAfter(text: string, mark: string): string {
  const rest = text.slice(text.indexOf(`\n${mark}`));
  return /^```\n(.*?)^```$/ms.exec(rest)?.[1] ?? '';
}

describe('the faults that dialogs/README shows', () => {
  for (const manual of ['dialogs/README.md', 'dialogs/README.zh-CN.md']) {
    it(`are what is said, in ${manual}`, async () => {
      const dir = await newProject(['knowledge']);
      const write = async (file: string, from: string, to: string): Promise<void> => {
        const text = samples.get(file) ?? '';
        expect(text).to.include(from);
        await put(dir, file, text.replace(from, to));
      };
      await write('dialogs/gift-card.ts', "id: 'gift-card'", "id: 'giftcard'");
      await write('dialogs/trade-in.ts', "intents: ['trade-in']", "intents: ['store.visit']");
      await write('dialogs/store-visit.component.ts', '', '');
      await write('knowledge/dialogs/trade-in.yaml', 'talk:', 'chat:');
      await write('knowledge/dialogs/book-repair.yaml', '', '');
      await writeFile(join(dir, 'dialogs/notes.txt'), '');
      const faults = await faultsOf(dir);
      const shown = /^```\n(dialogs\/gift-card\.ts:.*?)^```$/ms.exec(read(manual))?.[1] ?? '';
      const lines = shown.trim().split('\n');
      expect(lines).to.have.length.greaterThan(3);
      expect(faults).to.include.members(lines);
    });
  }

  async function faultsOf(dir: string): Promise<string[]> {
    try {
      await load(dir);
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      const prefixes = [dir, relative(process.cwd(), dir)].map((p) => `${p}/`);
      return error.message
        .split('\n')
        .map((line) => prefixes.reduce((l, p) => l.replaceAll(p, ''), line));
    }
    return [];
  }
});

/** Slots as the table shows them, with the least they need. */
const MAKE: Readonly<Record<string, () => Slot<unknown>>> = {
  ...(slots as unknown as Record<string, () => Slot<unknown>>),
  choice: () => slots.choice(['quality', 'changed-mind']),
  named: () => slots.named([{ id: 'earbuds', names: ['无线耳机', 'wireless earbuds'] }]),
};
const OFFERED: Readonly<Record<Lang, readonly OfferedChoice[]>> = {
  zh: [
    { value: 'quality', title: '质量问题', alike: [] },
    { value: 'changed-mind', title: '不想要了', alike: [] },
  ],
  en: [
    { value: 'quality', title: 'Quality problem', alike: [] },
    { value: 'changed-mind', title: 'Changed my mind', alike: [] },
  ],
};

describe('the table of slots', () => {
  for (const manual of ['dialogs/README.md', 'dialogs/README.zh-CN.md']) {
    const rows = [...read(manual).matchAll(/^\| `(\w+)\([^|]*\)` +\|(.*)\|$/gm)]
      .map((m) => ({ name: m[1] ?? '', cells: (m[2] ?? '').split('|') }))
      .filter((r) => r.cells.length === 4);

    it(`of ${manual} has every slot`, () => {
      expect(rows.map((r) => r.name)).to.have.members(Object.keys(slots));
    });

    for (const { name, cells } of rows) {
      it(`of ${manual} is right about ${name}`, () => {
        const slot = MAKE[name]?.();
        for (const [lang, cell] of [
          ['zh', cells[1]],
          ['en', cells[2]],
        ] as const) {
          for (const text of quoted(cell ?? '')) {
            const input = { text, lang, now: NOW, attachments: [], offered: OFFERED[lang] };
            expect(slot?.parse(input).kind, text).to.equal('value');
          }
        }
        const file = name.replaceAll(/[A-Z]/g, (c) => `-${c.toLowerCase()}`);
        const source = read(`src/dialog/slots/${file}.ts`) + read('src/dialog/slots/options.ts');
        for (const reason of quoted(cells[3] ?? '')) expect(source).to.include(`'${reason}'`);
      });
    }
  }

  function quoted(cell: string): string[] {
    return [...cell.matchAll(/`([^`]+)`/g)].map((m) => m[1] ?? '');
  }
});

describe('what the manuals name', () => {
  const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
  const env = read('.env.example');

  for (const manual of [...MANUALS, ...OTHERS].flatMap((m) => [`${m}.md`, `${m}.zh-CN.md`])) {
    if (!existsSync(join(root, manual))) continue;
    const text = read(manual);

    it(`is there, for ${manual}`, () => {
      const commands = [...text.matchAll(/npm run (?:-s )?([a-z]+)/g)].map((m) => m[1]);
      expect(Object.keys(scripts)).to.include.members(commands);
      const links = [...text.matchAll(/\]\((?!https?:)([^)\s]+)\)/g)].map((m) => m[1] ?? '');
      const gone = links.filter((link) => {
        const [path = '', anchor] = link.split('#');
        const target = path === '' ? manual : join(dirname(manual), path);
        if (!existsSync(join(root, target))) return true;
        return anchor !== undefined && !anchorsOf(target).includes(anchor);
      });
      expect(gone).to.deep.equal([]);
    });
  }

  for (const manual of ['README.md', 'README.zh-CN.md']) {
    it(`is there, files and variables of ${manual}`, () => {
      const text = read(manual);
      const paths = [...text.matchAll(/\b(?:src|channels|test|bench|dialogs|knowledge)\/[\w./-]*/g)]
        .map((m) => m[0].replace(/[.,]$/, ''))
        .filter((p) => !samples.has(p) && !p.startsWith('bench/results/NAME'));
      expect(paths.filter((p) => !existsSync(join(root, p)))).to.deep.equal([]);
      const names = [...text.matchAll(/^\| `([A-Z][A-Za-z_]+)`/gm)].map((m) => m[1] ?? '');
      expect(names).to.have.length.greaterThan(4);
      expect(names.filter((n) => !env.includes(`\n${n}=`))).to.deep.equal([]);
    });
  }

  /** As GitHub makes them of headings. */
  function anchorsOf(file: string): string[] {
    if (!file.endsWith('.md')) return [];
    return [...read(file).matchAll(/^#+ (.+)$/gm)].map((m) =>
      (m[1] ?? '')
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
        .replaceAll(' ', '-'),
    );
  }
});
