import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { findEntities, type Entity } from '../../../src/text/entities/entities.ts';
import { lexiconOf } from '../../../src/text/entities/lexicon.ts';
import { findPersonName } from '../../../src/text/entities/person-name.ts';

/** A Sunday. */
const NOW = Date.parse('2026-11-22T10:00:00+08:00');

interface Row {
  readonly lang: string;
  readonly text: string;
  readonly type: string;
  readonly quoted: string;
  readonly value: string;
}

/** The rows of a tab-separated table behind its header. */
function rowsOf(file: string): readonly (readonly string[])[] {
  const text = readFileSync(join(import.meta.dirname, file), 'utf8');
  const lines = text.split('\n').filter((line) => line !== '');
  return lines.slice(1).map((line) => line.split('\t'));
}

const rows: readonly Row[] = rowsOf('cases.tsv').map(
  ([lang = '', text = '', type = '', quoted = '', value = '']) => ({
    lang,
    text,
    type,
    quoted,
    value,
  }),
);
const lexicon = lexiconOf(
  rowsOf('lexicon.tsv').map(([id = '', names = '']) => ({ id, names: names.split('|') })),
);

/** The value as the table writes it. */
function written({ type, value }: Entity): string {
  const parts = value as unknown as Readonly<Record<string, string | number>>;
  switch (type) {
    case 'money':
      return `${parts.amount} ${parts.currency}`;
    case 'quantity':
      return `${parts.amount} ${parts.unit}`;
    case 'address':
      return `${parts.province}|${parts.city}|${parts.district}`;
    case 'lexicon':
      return String(parts.id);
    case 'date-time':
      return JSON.stringify(value).slice(1, 17);
    default:
      return typeof value === 'string' ? value : JSON.stringify(value);
  }
}

/** What is found, as `type "quote" value`; a person also where the text is the answer to a slot. */
function foundIn({ text, lang }: Row): readonly string[] {
  const found = findEntities(text, { now: NOW, lexicon }).map(
    (entity) => `${entity.type} "${entity.text}" ${written(entity)}`,
  );
  const person = findPersonName(text, lang === 'en' ? 'en' : 'zh');
  return person === undefined ? found : [...found, `person "${person.quote}" ${person.value}`];
}

describe('entities as customers write them', () => {
  it('are at least 400 cases in Chinese, English and both', () => {
    expect(rows.length).to.be.at.least(400);
    expect(new Set(rows.map((row) => row.lang))).to.have.keys('zh', 'en', 'mixed');
  });

  for (const row of rows) {
    const { text, type, quoted, value } = row;
    if (type === '-') {
      it(`"${text}" has no ${value}`, () => {
        const found = foundIn(row).filter((each) => each.startsWith(`${value} `));
        expect(found).to.deep.equal([]);
      });
    } else {
      it(`"${text}" has the ${type} "${quoted}" ${value}`, () => {
        expect(foundIn(row)).to.include(`${type} "${quoted}" ${value}`);
      });
    }
  }
});
