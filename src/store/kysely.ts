/**
 * kysely as CommonJS: its ESM build is 280 files, which cost 0.7 s of every start when each goes
 * through the TypeScript loader.
 */
import { createRequire } from 'node:module';

const load = createRequire(import.meta.url);

export const { Kysely, Migrator, SqliteDialect, sql } = load('kysely') as typeof import('kysely');
