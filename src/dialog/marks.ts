/** Words by which a customer says that an earlier answer was wrong. */
import type { LooseSpec } from './define.ts';
import type { DialogWording } from './ports.ts';

const MARKS_ZH =
  /不对|错了|弄错|搞错|写错|说错|填错|选错|打错|改成|改为|改一下|改下|更改|更正|换成|换一个|应该是|应为|修改|重新填|重填|要改|想改|改改|不是.{0,30}(?:是|而是)|^不(?:是)?[，,]/u;
const MARKS_EN =
  /\b(?:actually|sorry|wrong|mistake|mistyped|typo|i meant|i mean|should be|should have been|change|correct(?:ion)?|instead|make (?:it|that)|not .{1,40} but|rather|oops|wait)\b|^no(?:pe)?,? +(?:it|the|my|i)\b/iu;

/** Whether the text says that something said before was wrong or shall change. */
export function hasCorrectionMark(text: string): boolean {
  const head = text.slice(0, 400);
  return MARKS_ZH.test(head) || MARKS_EN.test(head);
}

const LEAD_ZH =
  /^(?:不对|不是|不好意思|抱歉|对不起|等等|等一下|哦|噢|啊|呃|刚才|我|那个|说错|写错|填错|弄错|搞错|打错|选错|错|更正一下|更正|改一下|改|了|的)[\s,，。.!！:：;；、]*/u;
const LEAD_EN =
  /^(?:no|nope|oh|sorry|wrong|oops|wait|actually|correction|my mistake|that's wrong|that was wrong|it's wrong|is wrong|i was wrong|i made a mistake|made a mistake|i meant|i mean)\b[\s,.!:;—-]*/iu;
const VALUE_ZH = /^(?:应该|应当|应)?(?:是|为|成)?(?:改成|改为|换成|换为|更正为)?[\s:：]*/u;
const VALUE_EN =
  /^(?:it's|it’s|it is|its|it should be|should be|should have been|make it|make that|change (?:it|that) to|i meant|use|to|is)\s+/iu;

/** The new value that a correction states: the text without "不对，应该是" or "sorry, it's". */
export function statedValue(text: string): string {
  let rest = text.trim();
  for (let n = 0; n < 8; n += 1) {
    const next = rest.replace(LEAD_ZH, '').replace(LEAD_EN, '');
    if (next === rest) break;
    rest = next;
  }
  return rest === text.trim() ? rest : rest.replace(VALUE_ZH, '').replace(VALUE_EN, '').trim();
}

/** The slot among `slots` that the text names by one of its labels; the longest label wins. */
export function labelledSlot(
  text: string,
  wording: DialogWording,
  slots: readonly string[],
  spec: LooseSpec,
): string | undefined {
  const lower = text.slice(0, 400).toLowerCase();
  let best: { slot: string; length: number } | undefined;
  for (const slot of slots) {
    if (!(slot in spec.slots)) continue;
    const labels = wording.labels[slot];
    if (labels === undefined) continue;
    for (const label of [...labels.zh, ...labels.en]) {
      if (!lower.includes(label.toLowerCase())) continue;
      if (best === undefined || label.length > best.length) best = { slot, length: label.length };
    }
  }
  return best?.slot;
}

/** The text without the label it begins with; `undefined` where it begins with none, or is nothing more. */
export function behindLabel(text: string, labels: readonly string[]): string | undefined {
  const said = text.trim();
  const label = [...labels].sort((a, b) => b.length - a.length).find((l) => said.startsWith(l));
  const rest = label === undefined ? '' : said.slice(label.length).trim();
  return rest === '' ? undefined : rest;
}

const IS = /^[\s"“”']*(?:应该|就)?(?:是|为|写|填|:|：|=|is|should be|will be)[\s:：]*/iu;
const CLAUSE_END = /[，。；;\n]|, /u;

/** What a sentence says a thing is: "抬头是某某公司", "the company name is Example Ltd." */
export function labelledValue(text: string, labels: readonly string[]): string | undefined {
  const lower = text.slice(0, 1000).toLowerCase();
  for (const label of [...labels].sort((a, b) => b.length - a.length)) {
    const at = lower.indexOf(label.toLowerCase());
    if (at < 0) continue;
    const behind = text.slice(at + label.length);
    const is = IS.exec(behind)?.[0];
    if (is === undefined) continue;
    const value = behind.slice(is.length);
    const end = value.search(CLAUSE_END);
    const stated = (end < 0 ? value : value.slice(0, end)).trim();
    if (stated !== '') return stated;
  }
  return undefined;
}
