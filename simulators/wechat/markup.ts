import type { Item } from '../simulator.ts';

/** An item of a text with what a tap on it says. */
export interface LinkItem extends Item {
  readonly says: string;
}

/**
 * What a text message shows on the phone: a link shows its words only. A `weixin://bizmsgmenu` link is
 * something to tap, which says its `msgmenucontent` with its `msgmenuid`; a line that is nothing but such
 * links is taken out of the text, as items are not part of it. Any other tag is shown as it was written.
 */
export function showText(content: string): { text: string; items: readonly LinkItem[] } {
  const items: LinkItem[] = [];
  const lines = content.split('\n').flatMap((line) => {
    let rest = false;
    let found = 0;
    let end = 0;
    const shown = line.replaceAll(
      /<a\s([^<>]{1,4096})>([^<]*)<\/a>/gu,
      (whole, attributes: string, words: string, at: number) => {
        rest ||= line.slice(end, at).trim() !== '';
        end = at + whole.length;
        const item = itemOf(attributes, words);
        if (item === undefined) rest = true;
        else {
          items.push(item);
          found += 1;
        }
        return words;
      },
    );
    rest ||= line.slice(end).trim() !== '';
    return found > 0 && !rest ? [] : [shown];
  });
  return { text: lines.join('\n').trim(), items };
}

function itemOf(attributes: string, title: string): LinkItem | undefined {
  const href = /\bhref\s*=\s*(?:"([^"]*)"|'([^']*)')/u.exec(attributes);
  const address = (href?.[1] ?? href?.[2] ?? '').replaceAll('&amp;', '&');
  const query = /^weixin:\/\/bizmsgmenu\?(.*)$/u.exec(address)?.[1];
  if (query === undefined) return undefined;
  const asked = new Map(
    query.split('&').map((pair): [string, string] => {
      const [name = '', ...value] = pair.split('=');
      return [name, decoded(value.join('='))];
    }),
  );
  const says = asked.get('msgmenucontent');
  const id = asked.get('msgmenuid');
  return says === undefined || id === undefined ? undefined : { id, title, says };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
