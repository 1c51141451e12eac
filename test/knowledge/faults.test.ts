import { mkdir } from 'node:fs/promises';
import { expect } from 'chai';
import { ShopCopy } from './shop.ts';

/** A mistake made in one file, and what must be said about it. */
interface Mistake {
  readonly what: string;
  readonly file: string;
  readonly from?: string;
  readonly to: string;
  readonly line?: number;
  readonly key?: string;
  readonly fault: RegExp;
  readonly mend: RegExp;
}

const RETURNS = 'faq/returns.yaml';
const DELIVERY = 'faq/delivery.yaml';
const DIALOG = 'dialogs/return-order.yaml';

const MISTAKES: readonly Mistake[] = [
  {
    what: 'an id twice in one file',
    file: RETURNS,
    from: 'id: return-fee',
    to: 'id: refund-time',
    line: 14,
    key: '[1].id',
    fault: /"refund-time" is also in .*returns\.yaml/,
    mend: /another id/,
  },
  {
    what: 'an id twice over all files',
    file: RETURNS,
    from: 'id: return-fee',
    to: 'id: delivery-time',
    line: 14,
    key: '[1].id',
    fault: /is also in .*delivery\.yaml/,
    mend: /another id/,
  },
  {
    what: 'an id that is none',
    file: DELIVERY,
    from: 'id: only-chinese',
    to: 'id: 海外',
    line: 19,
    key: '[2].id',
    fault: /"海外" is not allowed/,
    mend: /small letters/,
  },
  {
    what: 'an unknown key',
    file: RETURNS,
    from: 'owner: returns-desk',
    to: 'ownr: returns-desk',
    line: 11,
    key: '[0].ownr',
    fault: /unknown key/,
    mend: /known here: id, question, .*owner/,
  },
  {
    what: 'a missing answer',
    file: DELIVERY,
    from: '  answer: 暂时不支持海外配送。\n',
    to: '',
    line: 19,
    key: '[2].answer',
    fault: /missing/,
    mend: /add it/,
  },
  {
    what: 'an answer that mixes languages and channels',
    file: RETURNS,
    from: 'sms: {',
    to: 'en: {',
    line: 17,
    key: '[1].answer',
    fault: /mixes languages and channels/,
    mend: /nest one inside/,
  },
  {
    what: 'an answer without a default',
    file: RETURNS,
    from: '    default:',
    to: '    web:',
    line: 17,
    key: '[1].answer',
    fault: /no default/,
    mend: /add default/,
  },
  {
    what: 'a placeholder in an answer',
    file: DELIVERY,
    from: '暂时不支持海外配送。',
    to: '"{name}，暂不支持。"',
    line: 21,
    key: '[2].answer',
    fault: /braces/,
    mend: /no placeholders/,
  },
  {
    what: 'a status that is none',
    file: RETURNS,
    from: 'status: draft',
    to: 'status: published',
    line: 34,
    key: '[3].status',
    fault: /is "published"/,
    mend: /draft, review, live/,
  },
  {
    what: 'a day that is not in the calendar',
    file: RETURNS,
    from: '2026-03-31',
    to: '2026-02-30',
    line: 28,
    key: '[2].validUntil',
    fault: /"2026-02-30" is not a date/,
    mend: /2026-12-31/,
  },
  {
    what: 'dates in the wrong order',
    file: RETURNS,
    from: '2026-03-31',
    to: '2026-02-28',
    line: 28,
    key: '[2].validUntil',
    fault: /before validFrom/,
    mend: /correct one/,
  },
  {
    what: 'a number where a text belongs',
    file: RETURNS,
    from: '寄回去要我付邮费吗',
    to: '100',
    line: 16,
    key: '[1].alike[0]',
    fault: /is a number/,
    mend: /quotes/,
  },
  {
    what: 'a file of another form',
    file: DELIVERY,
    to: 'id: x\n',
    line: 1,
    fault: /not a list of entries/,
    mend: /- id:/,
  },
  { what: 'an empty file', file: DELIVERY, to: '', line: 1, fault: /not a list/, mend: /- id:/ },
  {
    what: 'a language that is missing',
    file: DIALOG,
    from: ', en: return }',
    to: ' }',
    line: 1,
    key: 'name.en',
    fault: /missing/,
    mend: /add it/,
  },
  {
    what: 'an empty text',
    file: DIALOG,
    from: '为什么退？',
    to: '" "',
    line: 16,
    key: 'slots.reason.ask.zh',
    fault: /empty text/,
    mend: /write the text/,
  },
  {
    what: 'languages with different placeholders',
    file: DIALOG,
    from: 'return {number}',
    to: 'return {id}',
    line: 22,
    key: 'say.opened.en',
    fault: /\(id\).*\(number\)/,
    mend: /same placeholders/,
  },
  {
    what: 'a placeholder that is not closed',
    file: DIALOG,
    from: '{number} 已经',
    to: '{number 已经',
    line: 22,
    key: 'say.opened.zh',
    fault: /a \{ without its \}/,
    mend: /\{name\}/,
  },
  {
    what: 'variants with different placeholders',
    file: 'wording.yaml',
    from: '回到{name}，{ask}',
    to: '回到{name}',
    line: 4,
    key: 'resume.ask.zh[1]',
    fault: /\(name\).*\(ask, name\)/,
    mend: /same placeholders/,
  },
  {
    what: 'a leaf that is a bare text',
    file: 'wording.yaml',
    from: '{ zh: 您好！, en: Hello! }',
    to: 'Hello!',
    line: 1,
    key: 'welcome',
    fault: /not a text in both languages/,
    mend: /zh: \.\.\., en/,
  },
  {
    what: 'a command nobody knows',
    file: 'commands.yaml',
    from: 'help:',
    to: 'halp:',
    line: 3,
    key: 'halp',
    fault: /unknown key/,
    mend: /cancel, help/,
  },
  {
    what: 'a synonym in two groups',
    file: 'lexicon.yaml',
    from: '[快递, 包裹, 物流]',
    to: '[快递, 包裹]\n    - [包裹, 物流]',
    line: 4,
    key: 'synonyms.zh[1][0]',
    fault: /"包裹" stands twice/,
    mend: /one group/,
  },
  {
    what: 'a thing that stands twice',
    file: 'lexicon.yaml',
    from: 'entities:',
    to: 'entities:\n  - { id: headphones, zh: [耳机] }',
    line: 8,
    key: 'entities[1].id',
    fault: /"headphones" stands twice/,
    mend: /one place/,
  },
  {
    what: 'a thing without a name',
    file: 'lexicon.yaml',
    from: 'entities:',
    to: 'entities:\n  - { id: lamp }',
    line: 7,
    key: 'entities[0]',
    fault: /no name/,
    mend: /in zh, en or both/,
  },
  {
    what: 'a syntax error',
    file: RETURNS,
    from: '  tags: [returns, money]',
    to: '  tags: [returns, money',
    line: 11,
    fault: /not valid YAML/,
    mend: /correct the line/,
  },
  {
    what: 'a key twice',
    file: RETURNS,
    from: '  owner: returns-desk',
    to: '  owner: a\n  owner: b',
    line: 12,
    fault: /not valid YAML.*unique/,
    mend: /rename or remove/,
  },
  {
    what: 'two documents',
    file: RETURNS,
    from: '- id: return-fee',
    to: '---\n- id: return-fee',
    line: 14,
    fault: /multiple documents/,
    mend: /./,
  },
  {
    what: 'aliases that multiply',
    file: DELIVERY,
    to: `- &a [x, x, x, x, x, x, x, x, x, x]
- &b [*a, *a, *a, *a, *a, *a, *a, *a, *a, *a]
- &c [*b, *b, *b, *b, *b, *b, *b, *b, *b, *b]
- &d [*c, *c, *c, *c, *c, *c, *c, *c, *c, *c]
`,
    fault: /can't be read/,
    mend: /without aliases/,
  },
  {
    what: 'brackets without end',
    file: DELIVERY,
    to: '['.repeat(500_000),
    fault: /nested too deeply/,
    mend: /flat/,
  },
  {
    what: 'dashes without end',
    file: DELIVERY,
    to: '- '.repeat(250_000),
    fault: /nested too deeply/,
    mend: /flat/,
  },
  {
    what: 'a huge file',
    file: DELIVERY,
    to: '#'.repeat(1024 * 1024 + 1),
    fault: /larger than 1 MiB/,
    mend: /divide/,
  },
  {
    what: 'a tag that would make an object',
    file: DELIVERY,
    from: 'answer: 暂时不支持海外配送。',
    to: 'answer: !!js/function "x"',
    line: 21,
    fault: /not valid YAML.*tag/,
    mend: /correct/,
  },
  { what: 'a .yml', file: 'faq/more.yml', to: '[]', fault: /not read/, mend: /more\.yaml/ },
  { what: 'another format', file: 'faq/more.json', to: '[]', fault: /not read/, mend: /\.yaml/ },
  {
    what: 'a dialog file with a name that is no id',
    file: 'dialogs/Return Order.yaml',
    to: 'name: { zh: a, en: b }',
    fault: /not read/,
    mend: /id/,
  },
  {
    what: 'a stray file',
    file: 'words.yaml',
    to: 'a: b',
    fault: /not read/,
    mend: /lexicon\.yaml/,
  },
];

describe('faults of knowledge files', () => {
  let shop: ShopCopy;
  beforeEach(async () => {
    shop = await ShopCopy.make();
  });
  afterEach(async () => shop.remove());

  for (const mistake of MISTAKES) {
    it(`${mistake.what} is named with its place and mend`, async () => {
      if (mistake.from === undefined) await shop.write(mistake.file, mistake.to);
      else await shop.replace(mistake.file, mistake.from, mistake.to);
      const faults = await shop.faults();
      const fault = faults.find((f) => mistake.fault.test(f.fault));
      expect(fault, JSON.stringify(faults.slice(0, 3))).to.exist;
      expect(fault?.file).to.equal(mistake.file);
      if (mistake.line !== undefined) expect(fault?.line).to.equal(mistake.line);
      if (mistake.key !== undefined) expect(fault?.key).to.equal(mistake.key);
      expect(fault?.mend).to.match(mistake.mend);
    });
  }

  it('reports the faults of all files at once, and one fault once', async () => {
    await shop.replace('faq/returns.yaml', 'status: draft', 'status: published');
    await shop.replace('faq/returns.yaml', 'owner: returns-desk', 'ownr: returns-desk');
    await shop.replace('dialogs/return-order.yaml', ', en: return }', ' }');
    await shop.write('faq/delivery.yaml', '[');
    await shop.write('faq/more.yml', '');
    const faults = await shop.faults();
    expect(faults.map((f) => f.file)).to.have.members([
      'faq/returns.yaml',
      'faq/returns.yaml',
      'dialogs/return-order.yaml',
      'faq/delivery.yaml',
      'faq/more.yml',
    ]);
  });

  it('a file that is not UTF-8 is named', async () => {
    const { writeFile } = await import('node:fs/promises');
    await writeFile(shop.path('faq/delivery.yaml'), Buffer.from([0x2d, 0x20, 0xcd, 0xcb, 0xbb]));
    expect((await shop.faults())[0]?.fault).to.equal('not UTF-8');
  });

  it('a folder inside faq/ is named', async () => {
    await mkdir(shop.path('faq/old'));
    expect((await shop.faults())[0]).to.include({ file: 'faq/old', fault: 'is not read' });
  });

  it("editors' temporary files and documentation are passed over", async () => {
    const names = ['.a.yaml.tmp', '.#a.yaml', '#a.yaml#', 'a.yaml~', '.a.swp', '4913', 'README.md'];
    for (const name of names) await shop.write(`faq/${name}`, '[');
    expect(await shop.faults()).to.deep.equal([]);
  });

  it('a missing folder is named', async () => {
    await shop.remove();
    const [fault] = await shop.faults();
    expect(fault?.fault).to.match(/can't be read/);
    expect(fault?.mend).to.match(/KNOWLEDGE_DIR/);
  });
});
