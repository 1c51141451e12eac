import type { ChannelDefinition } from '../channel/channel.ts';
import type { Lang, Reply } from '../message.ts';

/**
 * Replies in the form a channel can show: choices become numbered lines where nothing can be tapped,
 * then the channel merges or splits as it must.
 */
export function render(
  replies: readonly Reply[],
  channel: Pick<ChannelDefinition, 'capabilities' | 'render'> | undefined,
  { lang }: { readonly lang: Lang },
): readonly Reply[] {
  if (channel === undefined) return replies;
  const shown = channel.capabilities.taps ? replies : replies.map(numbered);
  return channel.render?.(shown, lang) ?? shown;
}

function numbered(reply: Reply): Reply {
  if (reply.choices === undefined || reply.choices.length === 0) return reply;
  const lines = reply.choices.map((c, i) => `${i + 1}. ${c.title}`);
  return { ...reply, text: [reply.text, ...lines].join('\n') };
}
