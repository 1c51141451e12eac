import { messageOf } from '../errors.ts';
import type { Logger } from '../log.ts';
import type { Inbound, Line, Reply } from '../message.ts';
import type { SqliteFile } from './sqlite.ts';
import type { Log } from './store.ts';

type Listener = (lines: readonly Line[]) => void;

/** A line as it is stored. */
export interface LineRow {
  readonly seq: number;
  readonly at: number;
  readonly inbound: string;
  readonly kind: 'in' | 'out';
  readonly answers: number;
  readonly body: string;
}

/** The line that an accepted message is. */
export function inLine(seq: number, inbound: Inbound): Line {
  const { id, at, address, content, echo } = inbound;
  const line = { seq, at, inbound: id, kind: 'in', user: address.user, content } as const;
  return echo === undefined ? line : { ...line, echo };
}

/** The line that a reply is. */
export function outLine(
  seq: number,
  at: number,
  inbound: string,
  to: number,
  reply: Reply,
): Line & { kind: 'out' } {
  return { seq, at, inbound, kind: 'out', to, reply };
}

/** Reads a line back as it was. */
export function lineOf(row: LineRow): Line {
  return row.kind === 'in'
    ? inLine(row.seq, JSON.parse(row.body) as Inbound)
    : outLine(row.seq, row.at, row.inbound, row.answers, JSON.parse(row.body) as Reply);
}

function lineStatements(file: SqliteFile) {
  return {
    insert: file.prepare((sql, p: LineRow & { conversation: string }) =>
      sql.insertInto('line').values({
        conversation: p.conversation,
        seq: p.seq,
        at: p.at,
        inbound: p.inbound,
        kind: p.kind,
        answers: p.answers,
        body: p.body,
      }),
    ),
    after: file.prepare((sql, p: { conversation: string; after: number; limit: number }) =>
      sql
        .selectFrom('line')
        .select(['seq', 'at', 'inbound', 'kind', 'answers', 'body'])
        .where('conversation', '=', p.conversation)
        .where('seq', '>', p.after)
        .orderBy('seq')
        .limit(p.limit),
    ),
    one: file.prepare((sql, p: { conversation: string; seq: number }) =>
      sql
        .selectFrom('line')
        .select(['seq', 'at', 'inbound', 'kind', 'answers', 'body'])
        .where('conversation', '=', p.conversation)
        .where('seq', '=', p.seq),
    ),
  };
}

/** The lines of all conversations, and who listens to them. */
export class LineLog implements Log {
  readonly #logger: Logger;
  readonly #sql: ReturnType<typeof lineStatements>;
  readonly #listeners = new Map<string, Set<Listener>>();

  constructor(file: SqliteFile, logger: Logger) {
    this.#logger = logger;
    this.#sql = lineStatements(file);
  }

  read(conversation: string, after: number, limit = 500): Promise<readonly Line[]> {
    return Promise.resolve(this.#sql.after.all({ conversation, after, limit }).map(lineOf));
  }

  watch(conversation: string, listener: Listener): () => void {
    // One wrapper a call, so that the same function may watch twice and end each watch by itself.
    const own: Listener = (lines) => listener(lines);
    const listeners = this.#listeners.get(conversation) ?? new Set();
    listeners.add(own);
    this.#listeners.set(conversation, listeners);
    return () => {
      listeners.delete(own);
      if (listeners.size === 0 && this.#listeners.get(conversation) === listeners) {
        this.#listeners.delete(conversation);
      }
    };
  }

  /** Part of a transaction. */
  append(conversation: string, row: LineRow): void {
    this.#sql.insert.run({ conversation, ...row });
  }

  find(conversation: string, seq: number): LineRow | undefined {
    return this.#sql.one.get({ conversation, seq });
  }

  /** Tells those who watch. Called after the commit; `lines` is asked for only where somebody does. */
  publish(conversation: string, lines: () => readonly Line[]): void {
    const listeners = this.#listeners.get(conversation);
    if (listeners === undefined) return;
    const news = lines();
    if (news.length === 0) return;
    for (const listener of [...listeners]) {
      try {
        listener(news);
      } catch (error) {
        this.#logger.error(
          { conversation, error: messageOf(error) },
          'a watcher of the log failed',
        );
      }
    }
  }
}
