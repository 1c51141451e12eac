import Database from 'libsql';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigError, messageOf } from '../errors.ts';
import type { Lang } from '../message.ts';
import type { LabelWrite } from './store.ts';

/** Pairs read at once, so that memory does not grow with them. */
const BATCH = 1000;

interface Row {
  readonly id: number;
  readonly at: number;
  readonly lang: string;
  readonly text: string;
  readonly entry: string;
  readonly offered: string;
}

/**
 * The labelled pairs of a data folder, oldest first. It only reads and takes no lock, so the server
 * may be running on the same folder.
 * @throws ConfigError where the folder has no store, or one without labelled pairs
 */
export function* readLabelFile(dataDir: string): Generator<LabelWrite> {
  const file = join(dataDir, 'yingda.db');
  if (!existsSync(file)) throw fault(`${file} is not there: nothing has been served from it yet`);
  const db = new Database(file, { readonly: true });
  try {
    const select = db.prepare('SELECT * FROM label_pair WHERE id > ? ORDER BY id LIMIT ?');
    for (let after = 0; ;) {
      const rows = select.all([after, BATCH]) as Row[];
      for (const { at, lang, text, entry, offered } of rows) {
        const pair = { at, lang: lang as Lang, text, entry };
        yield { ...pair, offered: JSON.parse(offered) as string[] };
      }
      const last = rows.at(-1);
      if (last === undefined) return;
      after = last.id;
    }
  } catch (error) {
    if (error instanceof Error && error.message.includes('no such table')) {
      throw fault(`${file} was written by a version without labelled pairs: start the server once`);
    }
    throw fault(`${file} can't be read: ${messageOf(error)}`);
  } finally {
    db.close();
  }
}

function fault(text: string): ConfigError {
  return new ConfigError([{ name: 'DATA_DIR', fault: text }]);
}
