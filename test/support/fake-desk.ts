/** An engine for channel tests: keeps conversations in memory and answers each message in its own words. */
import { randomBytes } from 'node:crypto';
import type { ChannelContext, Conversation, Json, Router } from '../../src/channel/channel.ts';
import { conversationKey } from '../../src/channel/channel.ts';
import { createLogger, type Logger } from '../../src/log.ts';
import type { Inbound, Line, Reply } from '../../src/message.ts';

/** What a test may look at and change. */
export interface FakeDesk {
  readonly context: ChannelContext;
  /** Every message that was accepted and not seen before. */
  readonly accepted: Inbound[];
  lines(conversation: string): readonly Line[];
  /** What the channel keeps. */
  readonly state: Map<string, Json>;
  /** Ids of the messages whose replies the channel asked to resume; none are. */
  readonly resumed: string[];
  /** Appends lines of nobody's turn, as an agent or a later result would. */
  say(conversation: string, inbound: string, replies: readonly Reply[]): void;
  /** Answers turns by this. Default: `echo: <text>`, with two choices after "choices". */
  answer: (inbound: Inbound) => readonly Reply[] | Promise<readonly Reply[]>;
  /** Makes the log's reads fail while true. */
  broken: boolean;
}

const words: Record<string, { zh: string; en: string }> = {
  'web.title': { zh: '在线客服', en: 'Customer service' },
  'web.bot-name': { zh: '小应', en: 'Yingda' },
  'web.agent-name': { zh: '客服专员', en: 'Agent' },
  'web.placeholder': { zh: '请输入您的问题', en: 'Type your question' },
  'web.language': { zh: 'English', en: '中文' },
  'web.new-chat': { zh: '新会话', en: 'New chat' },
  'web.new-chat-sure': {
    zh: '开始新会话后，本页将不再显示现在的记录。继续吗？',
    en: 'A new chat hides this conversation from this page. Continue?',
  },
  'web.lost': { zh: '暂时连接不上，正在重试……', en: 'Not connected. Trying again…' },
  'web.open': { zh: '查看', en: 'Open' },
  'web.no-script': { zh: '请打开浏览器的 JavaScript。', en: 'Please switch on JavaScript.' },
};

function textOf(inbound: Inbound): string {
  const { content } = inbound;
  if (content.kind === 'event') return `event ${content.name}`;
  if (content.kind === 'choice') return `chose ${content.value}`;
  if (content.kind === 'attachment') return `${content.attachments.length} file(s) ${content.text}`;
  return `echo: ${content.text}`;
}

function defaultAnswer(inbound: Inbound): readonly Reply[] {
  const text = textOf(inbound);
  if (inbound.content.kind !== 'text' || inbound.content.text !== 'choices') {
    return [{ from: 'bot', text }];
  }
  const choices = [
    { value: 'v-quality', title: '质量问题' },
    { value: 'v-mind', title: 'Changed my mind' },
  ];
  return [{ from: 'bot', text, choices }];
}

/** Makes a desk. `parts` gives the channel what the test wants to hold. */
export function createFakeDesk(
  parts: Partial<ChannelContext> & { router: Router; dataDir: string; logger?: Logger },
): FakeDesk {
  const conversations = new Map<string, Conversation>();
  const logs = new Map<string, Line[]>();
  const watchers = new Map<string, Set<(lines: readonly Line[]) => void>>();
  const ids = new Map<string, number>();
  const ended = new Set<string>();
  const clock = parts.clock ?? { now: () => Date.now() };

  function append(key: string, line: Omit<Line, 'seq' | 'at'>): Line {
    const log = logs.get(key) ?? [];
    logs.set(key, log);
    const whole = { ...line, seq: log.length + 1, at: clock.now() } as Line;
    log.push(whole);
    for (const listener of watchers.get(key) ?? []) listener([whole]);
    return whole;
  }

  async function turn(key: string, inbound: Inbound): Promise<void> {
    const replies = await desk.answer(inbound);
    desk.say(key, inbound.id, replies);
    ended.add(inbound.id);
  }

  const desk: FakeDesk = {
    accepted: [],
    state: new Map(),
    resumed: [],
    broken: false,
    answer: defaultAnswer,
    lines: (key) => logs.get(key) ?? [],
    say: (key, inbound, replies) => {
      const asked = (logs.get(key) ?? []).findLast((l) => l.inbound === inbound);
      const said = asked?.kind === 'in' && !['event', 'agent'].includes(asked.content.kind);
      const to = said ? asked.seq : 0;
      for (const reply of replies) append(key, { kind: 'out', to, inbound, reply } as Line);
    },
    context: {
      accept: (inbound) => {
        const unique = `${inbound.address.channel}:${inbound.address.account}:${inbound.id}`;
        const seen = ids.get(unique);
        if (seen !== undefined) return Promise.resolve({ seq: seen, seen: true });
        const key = conversationKey(inbound.address);
        const { seq } = append(key, {
          kind: 'in',
          inbound: inbound.id,
          user: inbound.address.user,
          content: inbound.content,
          ...(inbound.echo ? { echo: inbound.echo } : {}),
        } as Line);
        ids.set(unique, seq);
        desk.accepted.push(inbound);
        setImmediate(() => void turn(key, inbound));
        return Promise.resolve({ seq, seen: false });
      },
      acceptAll: async (inbounds, state) => {
        const accepted = [];
        for (const inbound of inbounds) accepted.push(await desk.context.accept(inbound));
        if (state !== undefined) desk.state.set(state.key, state.value);
        return accepted;
      },
      resume: (_conversation, inbound) => {
        desk.resumed.push(inbound);
        return Promise.resolve(0);
      },
      state: {
        get: (key) => Promise.resolve(desk.state.get(key)),
        set: (key, value) => {
          desk.state.set(key, value);
          return Promise.resolve();
        },
        delete: (key) => {
          desk.state.delete(key);
          return Promise.resolve();
        },
      },
      turnEnded: async (_key, id, timeoutMs) => {
        const until = Date.now() + timeoutMs;
        while (!ended.has(id)) {
          if (Date.now() > until) return false;
          await new Promise((resolve) => setTimeout(resolve, 5));
        }
        return true;
      },
      conversations: {
        open: (c) => {
          const key = conversationKey({ ...c, conversation: c.id });
          const conversation = conversations.get(key) ?? { ...c, key };
          conversations.set(key, conversation);
          return Promise.resolve(conversation);
        },
        get: (key) => Promise.resolve(conversations.get(key)),
        bind: (key, user) => {
          const conversation = conversations.get(key)!;
          const bound = { ...conversation, user: conversation.user ?? user };
          conversations.set(key, bound);
          return Promise.resolve(bound.user);
        },
      },
      log: {
        read: (key, after, limit = 500) => {
          if (desk.broken) return Promise.reject(new Error('disk trouble at /secret/path'));
          return Promise.resolve((logs.get(key) ?? []).slice(after, after + limit));
        },
        watch: (key, listener) => {
          const set = watchers.get(key) ?? new Set();
          watchers.set(key, set.add(listener));
          return () => set.delete(listener);
        },
      },
      env: {},
      clock,
      newId: () => randomBytes(18).toString('base64url'),
      fetch: () => Promise.reject(new Error('no network in tests')),
      wording: (key, lang) => words[key]?.[lang] ?? `${key} ${lang}`,
      ...parts,
      logger: parts.logger ?? createLogger('silent'),
    },
  };
  return desk;
}
