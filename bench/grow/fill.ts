import Database from 'libsql';
import { join } from 'node:path';
import { conversationKey } from '../../src/store/store.ts';
import { benchAddress } from '../turn/ours.ts';

/** A past to put into a store. */
export interface Past {
  readonly conversations: number;
  /** Messages of each, every one with its answer. */
  readonly turns: number;
}

/**
 * Fills a closed store with copies of one real conversation: its lines, inbox rows and session, over
 * and over. Conversation `old-0` is the first of them.
 * @param template a conversation with `turns` messages, one line of answer each
 */
export function fill(
  dataDir: string,
  template: string,
  past: Past,
  templateTurns: number,
): { bytes: number } {
  const db = new Database(join(dataDir, 'yingda.db'));
  const from = conversationKey(benchAddress(template));
  const prefix = conversationKey(benchAddress('old-'));
  try {
    db.exec('PRAGMA synchronous = OFF');
    db.exec('BEGIN');
    db.exec('CREATE TEMP TABLE n (i INTEGER PRIMARY KEY)');
    const count = Math.max(past.conversations, Math.ceil(past.turns / templateTurns));
    db.prepare(
      'WITH RECURSIVE c(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM c WHERE i + 1 < ?) INSERT INTO n SELECT i FROM c',
    ).run([count]);
    const { conversations, turns } = past;
    const lines = turns * 2;
    const repeats = Math.ceil(turns / templateTurns);
    const block = templateTurns * 2;
    db.prepare(
      `INSERT INTO conversation SELECT ? || n.i, channel, account, 'old-' || n.i, 'user-old-' || n.i,
       created_at, ? FROM n, conversation WHERE key = ? AND n.i < ?`,
    ).run([prefix, lines, from, conversations]);
    db.prepare(
      `INSERT INTO session SELECT ? || n.i, doc, version FROM n, session WHERE key = ? AND n.i < ?`,
    ).run([prefix, from, conversations]);
    db.prepare(
      `INSERT INTO line SELECT ? || n.i, seq + r.i * ?, at, n.i || '-' || r.i || '-' || inbound, kind,
       answers + r.i * ?, body
       FROM n, n AS r, line WHERE conversation = ? AND n.i < ? AND r.i < ? AND seq + r.i * ? <= ?
       ORDER BY 1, 2`,
    ).run([prefix, block, block, from, conversations, repeats, block, lines]);
    db.prepare(
      `INSERT INTO inbox (channel, account, message_id, conversation, seq, status, attempts, not_before,
       received_at, error)
       SELECT channel, account, n.i || '-' || r.i || '-' || message_id, ? || n.i, seq + r.i * ?, status,
       attempts, not_before, received_at, error
       FROM n, n AS r, inbox WHERE conversation = ? AND n.i < ? AND r.i < ? AND seq + r.i * ? <= ?`,
    ).run([prefix, block, from, conversations, repeats, block, lines]);
    db.exec('DROP TABLE n');
    db.exec('COMMIT');
    db.prepare('PRAGMA wal_checkpoint(TRUNCATE)').all();
    const [pages] = db.prepare('PRAGMA page_count').all() as { page_count: number }[];
    const [size] = db.prepare('PRAGMA page_size').all() as { page_size: number }[];
    return { bytes: (pages?.page_count ?? 0) * (size?.page_size ?? 0) };
  } finally {
    db.close();
  }
}
