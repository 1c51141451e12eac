import type { Attachment } from '../../../src/message.ts';
import type { OfferedChoice, Parsed, SlotInput } from '../../../src/dialog/slots/slot.ts';
import { detectLang } from '../../../src/text/analyzer.ts';

/** Tuesday, 24 November 2026, 10:00 in China. */
export const NOW = Date.parse('2026-11-24T10:00:00+08:00');

export const REASONS: readonly OfferedChoice[] = [
  {
    value: 'quality',
    title: '质量问题',
    alike: ['坏了', '有瑕疵', 'Quality problem', 'broken', 'defective'],
  },
  {
    value: 'wrong-item',
    title: '发错货',
    alike: ['发错', '发错货了', 'Wrong item', 'wrong product'],
  },
  {
    value: 'changed-mind',
    title: '不想要了',
    alike: ['不喜欢', '买错了', 'Changed my mind', "don't like it"],
  },
];

export function said(
  text: string,
  more: Partial<Pick<SlotInput, 'tapped' | 'offered' | 'attachments' | 'lang'>> = {},
): SlotInput {
  return { text, lang: detectLang(text) ?? 'zh', now: NOW, attachments: [], offered: [], ...more };
}

export function picture(kind: Attachment['kind'] = 'image'): Attachment {
  return { kind, name: 'a.jpg', contentType: 'image/jpeg', url: '/files/a.jpg' };
}

/** `value`, with `*` behind it where nothing else was said; `-reason` for none. */
export function brief(parsed: Parsed<unknown>): string {
  if (parsed.kind === 'none') return `-${parsed.reason ?? ''}`;
  return `${String(parsed.value)}${parsed.whole ? '*' : ''}`;
}
