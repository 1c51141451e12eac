import { begunBy } from '../../src/channel/begun-by.ts';
import { chosen, isHashed } from '../../src/channel/menu.ts';
import { messageOf } from '../../src/errors.ts';
import type { Content, Line } from '../../src/message.ts';
import type { Media, Push } from './codec.ts';
import { languageOf, type Desk } from './desk.ts';

/** Lines that are read at once, and how often at most, to find what was offered. */
const PAGE = 500;
const MAX_PAGES = 40;

/** What a push says, with its file fetched and its key or menu item looked up. Takes at most 2.5 s. */
export async function contentOf(desk: Desk, push: Push, conversation: string): Promise<Content> {
  if (push.media !== undefined) return fileOf(desk, push.media);
  if (push.menuItem !== undefined && push.content.kind === 'text') {
    return choiceOf(desk, push.menuItem, push.content, conversation);
  }
  if (push.key !== undefined) return targetOf(desk, push.key) ?? push.content;
  return push.content;
}

async function fileOf(desk: Desk, media: Media): Promise<Content> {
  const { kind, name, contentType, shownAt: url } = media;
  try {
    const file = await desk.media.download(media);
    return { kind: 'attachment', attachments: [file], text: '' };
  } catch (error) {
    desk.context.logger.warn({ why: messageOf(error) }, 'a file was not fetched from WeChat');
    return { kind: 'attachment', attachments: [{ kind, name, contentType, url }], text: '' };
  }
}

/** The tapped item of one of our menus. Its id is the value, or the hash of one that was offered. */
async function choiceOf(
  desk: Desk,
  id: string,
  said: Content & { kind: 'text' },
  conversation: string,
): Promise<Content> {
  const { text } = said;
  if (!isHashed(id)) return { kind: 'choice', value: id, text };
  const found = chosen(await newestLines(desk, conversation), { id, text });
  return found === undefined ? said : { kind: 'choice', value: found.value, text };
}

async function newestLines({ context }: Desk, conversation: string): Promise<readonly Line[]> {
  let newest: readonly Line[] = [];
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const lines = await context.log.read(conversation, newest.at(-1)?.seq ?? 0, PAGE);
    newest = [...newest, ...lines].slice(-PAGE);
    if (lines.length < PAGE) break;
  }
  return newest;
}

/** What a menu key or a scene stands for; `undefined` for one that is only to be recorded. */
function targetOf({ account, context }: Desk, key: NonNullable<Push['key']>): Content | undefined {
  const map = key.of === 'menu' ? account.menu : account.scenes;
  return begunBy(key.value, map, (word) => context.wording(word, languageOf(account)));
}
