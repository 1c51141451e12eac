/** Names of companies and other organisations, where a clause is nothing but one. */
import { foundAt, type Found } from './found.ts';
import { readingOf, type Readable } from './reading.ts';

const LONGEST_TEXT = 1000;
/** A clause, with what introduces a name left off. */
const CLAUSE = /[^,;!?\n、]+/gu;
const LEAD =
  /^[\s:]*(?:(?:发票)?抬头(?:名称)?|公司(?:名称|名字|名|全称)|单位(?:名称|名)|名称|全称|开给|开(?!.{0,3}发票)|写|填|叫做?|是|为|就|改成|:|\s|\b(?:title|company name|name|company)\b(?: is|:)|\b(?:it's|it is|for|make it out to)\b)*/u;
const END_ZH =
  /(?:有限责任公司|股份有限公司|有限公司|集团公司|分公司|公司|集团|事务所|研究院|研究所|设计院|大学|学院|学校|中学|小学|幼儿园|医院|委员会|协会|基金会|合作社|商行|经营部|工作室|工厂)$/u;
const NAME_ZH = /^[\p{Script=Han}a-z0-9()·•& ]{4,60}$/u;
/** Beginnings of a clause that only mentions one: 我们公司, 开公司, 快递公司. */
const MENTION_ZH =
  /^(?:[我你您他她它咱贵这那该本哪某个另]|某某公司$|快递|物流|什么|有|没|不|想|要|请|帮|给|用|去|在|到|从|对|和|跟|以|因|为了|报销|需要|麻烦|谢|好的?|嗯|以后|如果|发票|开)|[的吗呢吧了](?=.{0,3}公司$)/u;
const NAME_EN =
  /^[A-Z0-9][\w&.'’() -]{1,60}?,? ?(?:Co\.?,? ?Ltd\.?|Pty\.? Ltd\.?|Ltd\.?|Limited|Inc\.?|LLC|L\.L\.C\.|LLP|Corp\.?|Corporation|GmbH|AG|PLC|plc|B\.V\.|S\.A\.|University|Foundation|Holdings)$/u;
/** "Co., Ltd." holds a comma and ends no clause. */
const COMMA_EN = /,(?= ?(?:co\b|ltd|inc|llc|limited|corp))/gu;

/** A space between Chinese characters stands for a comma. */
const GAP_ZH = /(?<=\p{Script=Han}) (?=\p{Script=Han})/gu;

/**
 * Organisations by their own kind of ending (有限公司, 大学, "Ltd.", "Inc."), each a whole clause: who
 * only mentions "我们公司" or "the company" names none. Of a text longer than 1,000 characters the
 * beginning is read.
 */
export function findOrganisations(source: Readable): readonly Found<string>[] {
  const { text, folded } = readingOf(source);
  const head = folded.text.slice(0, LONGEST_TEXT).replace(COMMA_EN, ' ').replace(GAP_ZH, ',');
  const founds: Found<string>[] = [];
  for (const clause of head.matchAll(CLAUSE)) {
    const lead = LEAD.exec(clause[0])?.[0].length ?? 0;
    const start = clause.index + lead;
    const said = clause[0].slice(lead).replace(/[。\s]+$/u, '');
    const end = start + said.length;
    if (said === '') continue;
    const found = foundAt(text, folded, start, end, '');
    const written = found.quote.trim();
    if (isNameZh(said) || NAME_EN.test(written)) founds.push({ ...found, value: written });
  }
  return founds;
}

function isNameZh(said: string): boolean {
  const end = END_ZH.exec(said);
  if (end === null || !NAME_ZH.test(said) || MENTION_ZH.test(said)) return false;
  return Array.from(said.slice(0, end.index)).length >= 2;
}
