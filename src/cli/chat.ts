/**
 * `npm run chat -- [--lang zh|en] [--user ID]`: talk to the bot in the terminal. Where standard input is
 * not a terminal, each line of it is one message and each answer one line on standard output.
 */
import { randomUUID } from 'node:crypto';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { modelsDir } from '../app.ts';
import { processEnv, readConfig } from '../config.ts';
import { ConfigError, messageOf } from '../errors.ts';
import { createLogger } from '../log.ts';
import type { Choice, Content, Lang, Reply } from '../message.ts';
import { conversationKey } from '../store/store.ts';
import { withThrowaway, type Throwaway } from './throwaway.ts';

/** A turn may take this long, in ms. */
const PATIENCE_MS = 20_000;

function langOf(text: string): Lang {
  if (text === 'zh' || text === 'en') return text;
  throw new ConfigError([{ name: '--lang', fault: `"${text}" is not zh or en` }]);
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      lang: { type: 'string', default: 'zh' },
      user: { type: 'string', default: 'terminal' },
    },
  });
  const lang = langOf(values.lang);
  const config = readConfig(processEnv());
  const logger = createLogger(config.logLevel === 'info' ? 'silent' : config.logLevel, {
    write: (line) => process.stderr.write(line),
  });
  const { dialogsDir, knowledgeDir, dataDir } = config;
  const web = { name: 'web', capabilities: { delivery: 'pull', taps: false } } as const;
  await withThrowaway(
    {
      dialogsDir,
      knowledgeDir,
      modelsDir: modelsDir(dataDir),
      logger,
      watch: true,
      channels: new Map([['web', web]]),
    },
    (lent) => talk(lent, lang, values.user),
  );
}

async function talk({ clock, store, engine }: Throwaway, lang: Lang, user: string): Promise<void> {
  const conversation = randomUUID();
  const address = { channel: 'web', account: 'default', conversation, user };
  const key = conversationKey(address);
  let seen = 0;

  async function send(content: Content): Promise<readonly Reply[]> {
    const id = randomUUID();
    const ended = engine.signals.wait(key, id, PATIENCE_MS);
    await store.inbox.accept({ id, address, content, at: clock.now(), lang });
    if (!(await ended)) console.error('no answer in time');
    const lines = await store.log.read(key, seen);
    seen = lines.at(-1)?.seq ?? seen;
    return lines.flatMap((l) => (l.kind === 'out' && l.reply.event === undefined ? [l.reply] : []));
  }

  const interactive = process.stdin.isTTY;
  const show = interactive ? showBubbles : showLine;
  if (interactive) show(await send({ kind: 'event', name: 'join' }));
  const lines = createInterface({ input: process.stdin, output: process.stderr, prompt: '> ' });
  if (interactive) lines.prompt();
  let offered: readonly Choice[] = [];
  for await (const text of lines) {
    const chosen = offered.find((c) => c.title === text.trim());
    const replies = await send(
      chosen === undefined
        ? { kind: 'text', text }
        : { kind: 'choice', value: chosen.value, text: chosen.title },
    );
    offered = replies.at(-1)?.choices ?? [];
    show(replies);
    if (interactive) lines.prompt();
  }
}

function showBubbles(replies: readonly Reply[]): void {
  for (const { text } of replies) console.log(text);
}

/** One reply block a line: line breaks inside it are shown as spaces. */
function showLine(replies: readonly Reply[]): void {
  console.log(replies.map((r) => r.text.replaceAll(/\s*\n\s*/gu, ' ')).join(' | '));
}

try {
  await main();
} catch (error) {
  console.error(messageOf(error));
  process.exit(2);
}
