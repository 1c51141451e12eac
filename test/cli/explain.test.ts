import { expect } from 'chai';
import { execFile } from 'node:child_process';
import { cp, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Content } from '../../src/app.ts';
import { placesOf } from '../../src/cli/eval/places.ts';
import { explain, type Explanation } from '../../src/cli/explain/explain.ts';
import { explanationText } from '../../src/cli/explain/text.ts';
import type { Lang } from '../../src/message.ts';
import { shopContent } from '../support/content.ts';
import { openDesk, type TestDesk } from '../support/desk.ts';

const run = promisify(execFile);
const EXPLAIN = join(import.meta.dirname, '../../src/cli/explain.ts');
const KNOWLEDGE = join(import.meta.dirname, '../../knowledge');

describe('npm run explain', function () {
  this.timeout(60_000);
  let content: Content;
  let desk: TestDesk;
  let of: (text: string, lang?: Lang) => Explanation;

  before(async () => {
    content = await shopContent();
    desk = await openDesk(content);
    const place = await placesOf(content.knowledge.current(), KNOWLEDGE);
    const recognizer = content.understanding.current;
    of = (text, lang) => explain(text, { parts: desk.engine.parts, recognizer, place }, lang);
  });
  after(() => desk.stop());

  it('shows how a task is read, and why it starts', () => {
    const e = of('我要退貨， 订单２０２６１１０１００１！！');
    expect(e.lang).to.equal('zh');
    expect(e.normalised).to.contain('我要退货').and.contain('20261101001');
    expect(e.masked).to.contain('<order>').and.not.contain('20261101001');
    expect(e.segments).to.include('退货');
    expect(e.sounds).to.include('tui huo');
    expect(e.entities).to.have.length(1);
    expect(e.entities[0]).to.include({ type: 'order-number', value: '20261101001' });
    expect(e.entities[0]?.text, 'as the customer wrote it').to.equal('２０２６１１０１００１');
    expect(e.intents[0]?.intent).to.equal('order.return');
    expect(e.rejected).to.equal(false);
    expect(e.decision).to.deep.include({ kind: 'start', dialog: 'return-order' });
    expect(e.reason).to.contain('order.return has').and.contain('0.50');
  });

  it('shows the features that weighed most for the best two intents, and they add up to a reason', () => {
    const e = of('帮我把这双鞋退货退掉');
    expect(e.features.length).to.be.within(1, 2);
    expect(e.features.map((f) => f.intent)).to.deep.equal(
      e.intents.slice(0, 2).map((i) => i.intent),
    );
    const [best] = e.features;
    const weights = best?.terms.map((t) => Math.abs(t.weight)) ?? [];
    expect(weights).to.deep.equal([...weights].sort((a, b) => b - a));
    const top = best?.terms.slice(0, 3).map((t) => t.term) ?? [];
    expect(top.some((term) => term.includes('退'))).to.equal(true);
  });

  it('shows knowledge hits with where they stand, the thresholds, and the answer', () => {
    const e = of('How do I get a refund onto my card?');
    expect(e.lang).to.equal('en');
    expect(e.question).to.equal(true);
    expect(e.thresholds.answer).to.be.above(e.thresholds.suggest);
    expect(e.hits).to.not.be.empty;
    for (const hit of e.hits) {
      expect(hit.source).to.match(/knowledge\/faq\/[a-z-]+\.yaml:\d+$/u);
      expect(content.knowledge.current().entries.get(hit.entry)?.revision).to.equal(hit.revision);
      expect(hit.by).to.be.oneOf(['exact', 'keyword', 'classifier']);
    }
    const exact = of('How do I create an account?');
    expect(exact.decision).to.deep.include({ kind: 'answer' });
    expect(exact.hits[0]).to.include({ entry: 'account.register', by: 'exact', score: 1 });
    expect(exact.reason).to.contain('word for word');
  });

  it('shows what is refused', () => {
    const e = of("I don't want to return it");
    expect(e.negation.negated).to.contain('return');
    expect(e.negation.refused).to.equal('order.return');
    expect(e.decision).to.deep.equal({ kind: 'refused-task', dialog: 'return-order' });
    expect(e.reason).to.contain('refuses order.return');
    expect(of('我要退货').negation).to.not.have.property('negated');
  });

  it('shows products of the lexicon among the entities', () => {
    const [product] = of('我的机械键盘坏了').entities;
    expect(product).to.deep.include({ type: 'lexicon', text: '机械键盘', start: 2 });
    expect(product?.value).to.deep.include({ id: 'mechanical-keyboard' });
  });

  it('shows several wishes in their order', () => {
    const e = of('查下订单 20261101001，顺便开发票');
    expect(e.clauses).to.have.length(2);
    expect(e.decision.kind).to.equal('several');
    const shown = explanationText(e);
    expect(shown).to.match(/clauses .*\|/u);
    expect(shown).to.match(
      /decision .*start order-status with orderId = "20261101001"; then invoice/u,
    );
    expect(e.reason).to.contain('2 wishes').and.contain('order.status');
  });

  it('shows why nothing is understood', () => {
    const e = of('紫色的大象在月亮上唱歌');
    expect(e.decision.kind).to.equal('miss');
    expect(e.reason).to.contain('less than');
  });

  it('reads an English message of a Chinese conversation as English', () => {
    expect(of('where is my parcel', 'zh')).to.include({ readIn: 'en' });
    expect(of('123', 'en')).to.include({ lang: 'en' });
  });

  it('explains odd texts without failing', () => {
    for (const text of [
      ' ',
      '？？？',
      '😀',
      '\u0000',
      'a'.repeat(5000),
      '1-'.repeat(2000),
      '__proto__',
    ]) {
      expect(explanationText(of(text)), JSON.stringify(text.slice(0, 10))).to.contain('decision');
    }
  });

  it('decides what the conversation itself would decide', async () => {
    for (const text of ['查下订单', '怎么开发票', '我要投诉', '你好', 'cancel']) {
      const { decision } = of(text);
      const fresh = await openDesk(content);
      const replies = await fresh.say(text);
      await fresh.stop();
      const [last] = replies.slice(-1);
      expect(last, text).to.not.equal(undefined);
      const { key } = last!;
      if (decision.kind === 'answer') expect(key, text).to.equal(`faq.${decision.hit.entry}`);
      if (decision.kind === 'say') expect(key, text).to.equal(decision.key);
      if (decision.kind === 'start') {
        expect(fresh.session().stack.length, text).to.be.above(0);
        expect(key, text).to.match(new RegExp(`^${decision.dialog}\\.`, 'u'));
      }
    }
  });

  it('leaves no trace in the conversation, the store or the outside', async () => {
    of('我要退货 20261101001');
    expect(await desk.log()).to.deep.equal([]);
  });

  it('prints every part, for people and as JSON, and keeps nothing but the models', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'explain-'));
    // The models that the shared content has trained or loaded.
    await cp(join(tmpdir(), 'yingda-test-models'), join(dir, 'models'), { recursive: true });
    const env = { ...process.env, DATA_DIR: dir, LOG_LEVEL: 'silent' };
    const command = (...args: string[]) =>
      run(process.execPath, ['--import=tsx', EXPLAIN, ...args], { env });
    try {
      const { stdout } = await command('怎么退货？');
      for (const part of [
        'normalised',
        'segments',
        'features',
        'intents',
        'entities',
        'negation',
        'knowledge',
        'decision',
        'because',
        'out of scope below',
        'answers from',
        'knowledge/faq/',
      ]) {
        expect(stdout, part).to.contain(part);
      }
      const json = await command('怎么退货？', '--json');
      expect((JSON.parse(json.stdout) as Explanation).hits[0]?.entry).to.match(/^returns\./u);
      expect(await readdir(dir)).to.deep.equal(['models']);
      const wrong = (await command('--lang', 'fr', 'x').catch((e: unknown) => e)) as {
        code: number;
        stderr: string;
      };
      expect(wrong.code).to.equal(2);
      expect(wrong.stderr).to.contain('usage');
    } finally {
      await rm(dir, { recursive: true, force: true });
    }
  });
});
