import { expect } from 'chai';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { csvRows } from '../../src/cli/eval/csv.ts';
import type { Report } from '../../src/cli/eval/evaluate.ts';
import { readLabelled } from '../../src/cli/eval/labelled-file.ts';
import { measure, reliability, type Outcome } from '../../src/cli/eval/metrics.ts';
import { CONTENDERS, type SetReport } from '../../src/cli/eval/sets.ts';
import { FileError, type FileFault } from '../../src/errors.ts';

const run = promisify(execFile);
const EVAL = join(import.meta.dirname, '../../src/cli/eval.ts');

describe('npm run eval', () => {
  let dir: string;
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'eval-'));
  });
  afterEach(() => rm(dir, { recursive: true, force: true }));

  async function file(name: string, content: string | Buffer): Promise<string> {
    const path = join(dir, name);
    await writeFile(path, content);
    return path;
  }

  async function faults(name: string, content: string | Buffer): Promise<readonly FileFault[]> {
    try {
      await readLabelled(await file(name, content));
    } catch (error) {
      expect(error).to.be.instanceOf(FileError);
      return (error as FileError).faults;
    }
    return [];
  }

  describe('labelled files', () => {
    it('reads .tsv without quoting, with CRLF, a byte order mark and blank lines', async () => {
      const path = await file(
        'a.tsv',
        '\ufefftext\tintent\r\n"where" is it\torder.status\r\n\r\n"open\toos\r\n\tempty\r\n',
      );
      expect(await readLabelled(path)).to.deep.equal([
        { text: '"where" is it', intent: 'order.status', line: 2 },
        { text: '"open', intent: 'oos', line: 4 },
        { text: '', intent: 'empty', line: 5 },
      ]);
    });

    it('reads .csv with quotes, and columns in any order', async () => {
      const path = await file(
        'a.csv',
        '\ufeffid,intent,text\r\n1,a,"say ""hi"", now"\r\n2,b,"two\nlines"\r\n\r\n3,c,plain \'\r\n',
      );
      expect(await readLabelled(path)).to.deep.equal([
        { text: 'say "hi", now', intent: 'a', line: 2 },
        { text: 'two\nlines', intent: 'b', line: 3 },
        { text: "plain '", intent: 'c', line: 6 },
      ]);
    });

    it('reads .jsonl', async () => {
      const path = await file(
        'a.jsonl',
        '{"text":"退货","intent":"order.return","id":1}\r\n\n{"intent":"__proto__","text":"x"}',
      );
      expect(await readLabelled(path)).to.deep.equal([
        { text: '退货', intent: 'order.return', line: 1 },
        { text: 'x', intent: '__proto__', line: 3 },
      ]);
    });

    it('names the line at fault', async () => {
      const lines = async (name: string, content: string | Buffer) =>
        (await faults(name, content)).map((f) => f.line);
      expect(
        await lines('b.tsv', 'text\tintent\na\tb\nonly text\nc\td\te\n \td\nx\t \n'),
      ).to.deep.equal([3, 4, 6]);
      expect(await lines('b.csv', 'text,intent\na,b\n"x\ny",c\nz\n')).to.deep.equal([5]);
      expect(await lines('c.csv', 'text,intent\na,b\n"never closed,b\nc,d\n')).to.deep.equal([3]);
      expect(await lines('d.csv', 'text,intent\n"a"b,c\n')).to.deep.equal([2]);
      expect(
        await lines('b.jsonl', '{"text":"a","intent":"b"}\n{"text":1,"intent":"b"}\nnull\n[]\n{'),
      ).to.deep.equal([2, 3, 4, 5]);
    });

    it('refuses what is no labelled file', async () => {
      for (const [name, content] of [
        ['a.tsv', ''],
        ['a.tsv', 'text\tintent\n'],
        ['a.tsv', 'hello\torder.status\n'],
        ['a.txt', 'text\tintent\na\tb\n'],
        ['a.tsv', Buffer.from([0x74, 0xff, 0xfe, 0x0a])],
      ] as const) {
        expect(await faults(name, content), name).to.have.length(1);
      }
      expect((await faults('many.tsv', 'text\tintent\n' + 'x\n'.repeat(500))).length).to.equal(20);
    });

    it('reads any CSV that was written by the rules', () => {
      const { rows, fault } = csvRows('a,"b,""c""\r\nd",\n"",e,f');
      expect(fault).to.equal(undefined);
      expect(rows).to.deep.equal([
        { line: 1, fields: ['a', 'b,"c"\r\nd', ''] },
        { line: 3, fields: ['', 'e', 'f'] },
      ]);
    });
  });

  describe('measures', () => {
    const outcome = (
      intent: string,
      predicted: string,
      score: number,
      rejected = false,
    ): Outcome => ({
      intent,
      predicted,
      score,
      rejected,
    });

    it('counts in-scope lines by argmax, nothing rejected', () => {
      const m = measure(
        [
          outcome('a', 'a', 0.9),
          outcome('a', 'b', 0.2, true),
          outcome('b', 'b', 0.8, true),
          outcome('b', 'c', 0.6),
          outcome('oos', 'a', 0.3, true),
          outcome('oos', 'b', 0.85),
          { intent: 'c', score: 0, rejected: true },
        ],
        'oos',
      );
      expect(m.accuracy).to.equal(2 / 5);
      expect(m.perIntent.a).to.deep.equal({ precision: 1, recall: 0.5, f1: 2 / 3, support: 2 });
      expect(m.perIntent.b).to.deep.equal({ precision: 0.5, recall: 0.5, f1: 0.5, support: 2 });
      expect(m.perIntent.c).to.deep.equal({ precision: 0, recall: 0, f1: 0, support: 1 });
      expect(m.macroF1).to.be.closeTo((2 / 3 + 0.5) / 3, 1e-12);
      expect(m.confusions).to.deep.equal([
        { intent: 'a', predicted: 'b', count: 1 },
        { intent: 'b', predicted: 'c', count: 1 },
        { intent: 'c', predicted: 'None', count: 1 },
      ]);
      expect(m.oos).to.deep.equal({
        // Of 10 pairs 4 are in order: 0.9 above both, 0.8 and 0.6 above 0.3.
        auroc: 4 / 10,
        recall: 1 / 2,
        precision: 1 / 4,
        inScopeRejected: 3 / 5,
        inScopeAccuracyAtThreshold: 1 / 5,
      });
    });

    it('has no measure of out of scope without such lines, and counts ties as half', () => {
      expect(measure([outcome('a', 'a', 1)], 'oos')).to.not.have.property('oos');
      const tied = measure([outcome('a', 'a', 0.5), outcome('oos', 'a', 0.5)], 'oos');
      expect(tied.oos?.auroc).to.equal(0.5);
    });

    it('measures nothing where there is nothing to measure', () => {
      const none = measure([], 'oos');
      expect(none).to.include({ accuracy: null, macroF1: null, ece: null });
      const outside = measure(
        [{ intent: 'oos', predicted: 'a', score: 0.9, rejected: false }],
        'oos',
      );
      expect(outside.oos).to.deep.equal({
        auroc: null,
        recall: 0,
        precision: null,
        inScopeRejected: null,
        inScopeAccuracyAtThreshold: null,
      });
    });

    it('measures calibration: the gap between what was promised and what was right', () => {
      const sure = Array.from({ length: 10 }, (_, i) => outcome('a', i < 8 ? 'a' : 'b', 0.8));
      expect(measure(sure, 'oos').ece).to.be.closeTo(0, 1e-12);
      const vain = Array.from({ length: 10 }, (_, i) => outcome('a', i < 5 ? 'a' : 'b', 0.9));
      expect(measure(vain, 'oos').ece).to.be.closeTo(0.4, 1e-12);
    });
  });

  describe('the reliability diagram', () => {
    it('counts promises against what came of them, without lines out of scope', () => {
      const outcomes: Outcome[] = [
        { intent: 'a', predicted: 'a', score: 0.91, rejected: false },
        { intent: 'a', predicted: 'b', score: 0.89, rejected: false },
        { intent: 'a', predicted: 'a', score: 1, rejected: false },
        { intent: 'oos', predicted: 'a', score: 0.9, rejected: false },
        { intent: 'b', score: 0, rejected: true },
      ];
      const bins = reliability(outcomes, 'oos');
      expect(bins).to.have.length(15);
      expect(bins[13]).to.deep.include({ count: 2, promised: 0.9, right: 0.5 });
      expect(bins[14]).to.deep.include({ count: 1, promised: 1, right: 1 });
      expect(bins[0]).to.deep.equal({ from: 0, to: 1 / 15, count: 1, promised: 0, right: 0 });
    });
  });

  describe('command', function () {
    this.timeout(60_000);
    const command = (...args: string[]) =>
      run(process.execPath, ['--import=tsx', EVAL, ...args], { maxBuffer: 1e7 });

    it('prints one JSON object alone with the agreed keys', async () => {
      const rows = ['where is my parcel', 'track my parcel', 'parcel status', 'is my parcel here']
        .map((text) => `${text}\tstatus`)
        .concat(
          ['return the shoes', 'I return it', 'send it back', 'return please'].map(
            (t) => `${t}\treturn`,
          ),
        );
      const train = await file('train.tsv', ['text\tintent', ...rows, ...rows].join('\n'));
      const test = await file(
        'test.tsv',
        ['text\tintent', ...rows, 'sing a song\toos'].join('\r\n'),
      );
      const { stdout, stderr } = await command(
        '--train',
        train,
        '--test',
        test,
        '--lang',
        'en',
        '--json',
      );
      const report = JSON.parse(stdout) as Report;
      expect(stdout.trim().split('\n')).to.have.length(1);
      expect(stderr).to.contain('16 lines');
      expect(report).to.have.all.keys(
        'accuracy',
        'macroF1',
        'ece',
        'oos',
        'perIntent',
        'confusions',
        'trainSeconds',
        'predictP50Ms',
        'predictP99Ms',
        'modelBytes',
        'samples',
      );
      expect(report.accuracy).to.equal(1);
      expect(report.samples).to.equal(9);
      expect(report.oos).to.include({ auroc: 1, recall: 1 });
      expect(report.modelBytes).to.be.above(100);
    });

    it('cross-validates a file alone, the language by its script, with advice to its author', async () => {
      const lines = (texts: readonly string[], intent: string) =>
        texts.map((t) => `${t}\t${intent}`);
      const back = ['我要退货', '想退货', '申请退货', '这个要退货', '退货退款', '帮我退货'];
      const where = [
        '快递到哪了',
        '快递什么时候到',
        '快递还没到',
        '查快递',
        '快递到了吗',
        '看下快递',
      ];
      const rows = [...lines(back, 'return'), ...lines(where, 'status')];
      const odd = ['我要退货!\tstatus', '你好\thello', '快递快递\toos'];
      const train = await file('own.tsv', ['text\tintent', ...rows, ...odd].join('\n'));
      const { stdout, stderr } = await command('--train', train);
      expect(stderr).to.contain('part 5 of 5');
      expect(stdout, 'a single line is trained and never tested').to.match(/test lines +13\n/u);
      expect(Number(/accuracy.* (\d+\.\d) %/u.exec(stdout)?.[1])).to.be.above(70);
      expect(stdout).to.contain(`"我要退货!" (${train}:14)`);
      expect(stdout).to.match(/Thin intents \(1\).*\n {2}hello: 1 line/u);
    });

    it('measures every set of a folder, on its validation file or by cross-validation', async () => {
      const rows = ['blue sky', 'blue sea', 'blue car', 'blue hat', 'blue pen']
        .map((t) => `${t}\tblue`)
        .concat(['red sky', 'red sea', 'red car', 'red hat', 'red pen'].map((t) => `${t}\tred`));
      const table = (lines: readonly string[]) => ['text\tintent', ...lines].join('\n');
      await file('one.train.tsv', table(rows));
      await file('one.valid.tsv', table(['blue box\tblue', 'red box\tred', 'what\toos']));
      await file('two.train.tsv', table(rows));
      const out = join(dir, 'out.json');
      const { stdout, stderr } = await command('--all', dir, '--out', out);
      expect(stderr).to.contain('one: ours').and.contain('two: ours');
      expect(
        stdout
          .split('\n')
          .slice(1, 3)
          .map((row) => row.split(/\s{2,}/u).slice(0, 4)),
      ).to.deep.equal([
        ['one', 'valid', 'ours', '100.0'],
        ['two', '5-fold', 'ours', '100.0'],
      ]);
      const { sets } = JSON.parse(await readFile(out, 'utf8')) as { sets: SetReport[] };
      expect(sets.map((s) => [s.name, s.lang, s.split, s.trainLines, s.intents])).to.deep.equal([
        ['one', 'en', 'validation', 10, 2],
        ['two', 'en', 'cross-validation', 10, 2],
      ]);
      const [one, two] = sets.map((s) => s.results.ours!);
      expect(one?.oos?.auroc).to.equal(1);
      expect(two).to.not.have.property('oos');
      expect(two?.samples).to.equal(10);
      for (const result of [one!, two!]) {
        expect(result.trainCpuSeconds).to.be.above(0);
        expect(result.peakRssMib).to.be.above(50);
        const counted = result.reliability.reduce((sum, bin) => sum + bin.count, 0);
        expect(counted).to.equal(result === one ? 2 : 10);
      }
      const missing = (await command('--all', dir, '--only', 'three').catch((e: unknown) => e)) as {
        code: number;
        stderr: string;
      };
      expect(missing.code).to.equal(1);
      expect(missing.stderr).to.contain('three');
    });

    it('puts node-nlp beside it, as it comes and configured', async () => {
      const rows = ['track it', 'track my parcel', 'where is my parcel', 'parcel please']
        .map((t) => `${t}\tstatus`)
        .concat(
          ['return it', 'return my shoes', 'send it back', 'take back'].map((t) => `${t}\treturn`),
        );
      const table = (lines: readonly string[]) => ['text\tintent', ...lines].join('\n');
      await file('set.train.tsv', table(rows));
      await file('set.valid.tsv', table(['track the parcel\tstatus', 'return the shoes\treturn']));
      const { stdout } = await command('--all', dir, '--baseline', '--json');
      const { sets } = JSON.parse(stdout) as { sets: SetReport[] };
      for (const contender of CONTENDERS) {
        const result = sets[0]?.results[contender];
        expect(result?.accuracy, contender).to.equal(1);
        expect(result?.modelBytes, contender).to.be.above(100);
      }
    });

    it('ends with 2 where it is called wrongly', async () => {
      const fault = await run(process.execPath, ['--import=tsx', EVAL, '--nonsense']).catch(
        (error: unknown) => error as { code: number; stderr: string },
      );
      expect(fault).to.include({ code: 2 });
      expect(fault.stderr).to.include('--nonsense').and.to.include('usage:');
    });

    it('names the file and line at fault and ends with 1', async () => {
      const good = await file('good.tsv', 'text\tintent\na\tb\n');
      const bad = await file('bad.tsv', 'text\tintent\na\tb\nno tab here\n');
      const error = (await command('--train', good, '--test', bad, '--lang', 'en', '--json').catch(
        (e: unknown) => e,
      )) as { code: number; stdout: string; stderr: string };
      expect(error.code).to.equal(1);
      expect(error.stdout).to.equal('');
      expect(error.stderr).to.contain(`${bad}:3`);
    });
  });
});
