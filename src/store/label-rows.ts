import type { Lang } from '../message.ts';
import type { SqliteFile } from './sqlite.ts';
import type { Labels, LabelWrite } from './store.ts';

/** Pairs that are kept: with more, the oldest go. */
export const LABELS_KEPT = 20_000;
/** How long a pair is kept, in ms: 365 days. */
export const LABEL_MS = 365 * 86_400_000;

interface LabelRow {
  readonly at: number;
  readonly lang: string;
  readonly text: string;
  readonly entry: string;
  readonly offered: string;
}

function labelStatements(file: SqliteFile) {
  return {
    insert: file.prepare((sql, p: LabelRow) =>
      sql
        .insertInto('label_pair')
        .values({ at: p.at, lang: p.lang, text: p.text, entry: p.entry, offered: p.offered })
        .returning('id'),
    ),
    trim: file.prepare((sql, p: { id: number; at: number }) =>
      sql
        .deleteFrom('label_pair')
        .where((eb) => eb.or([eb('id', '<=', p.id), eb('at', '<', p.at)])),
    ),
    read: file.prepare((sql, p: { after: number; limit: number }) =>
      sql
        .selectFrom('label_pair')
        .selectAll()
        .where('id', '>', p.after)
        .orderBy('id')
        .limit(p.limit),
    ),
  };
}

/** Labelled pairs, bounded in number ({@link LABELS_KEPT}) and age ({@link LABEL_MS}). */
export class LabelRows implements Labels {
  readonly #sql: ReturnType<typeof labelStatements>;
  readonly #kept: number;

  /** @param kept how many pairs are kept */
  constructor(file: SqliteFile, kept = LABELS_KEPT) {
    this.#sql = labelStatements(file);
    this.#kept = kept;
  }

  read(after = 0, limit = 1000): Promise<readonly (LabelWrite & { readonly id: number })[]> {
    const rows = this.#sql.read.all({ after, limit });
    return Promise.resolve(
      rows.map(({ id, at, lang, text, entry, offered }) => ({
        id,
        at,
        lang: lang as Lang,
        text,
        entry,
        offered: JSON.parse(offered) as string[],
      })),
    );
  }

  /** Part of a transaction. What is beyond the bounds goes in the same one. */
  write({ text, lang, entry, offered, at }: LabelWrite): void {
    const row = this.#sql.insert.get({ text, lang, entry, at, offered: JSON.stringify(offered) });
    this.#sql.trim.run({ id: (row?.id ?? 0) - this.#kept, at: at - LABEL_MS });
  }
}
