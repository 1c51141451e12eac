import { cp, mkdir, readdir, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLogger } from '../src/log.ts';
import { loadContent, modelsDir } from '../src/app.ts';

const ROOT = join(import.meta.dirname, '..');

/** What is added to the demo shop's content: a form of five texts; a dialog that ends the process; one that repeats a number. */
export type Extra = 'survey' | 'crash' | 'receipt';

/** Folders to serve from. */
export interface ContentDirs {
  readonly dialogsDir: string;
  readonly knowledgeDir: string;
}

/** Makes folders in `dir` that hold the demo shop's content and `extras`, by links. */
export async function layOutContent(dir: string, extras: readonly Extra[]): Promise<ContentDirs> {
  const sources = [ROOT, ...extras.map((extra) => join(import.meta.dirname, 'content', extra))];
  for (const source of sources) {
    for (const folder of ['dialogs', 'knowledge', 'knowledge/dialogs', 'knowledge/faq']) {
      await link(join(source, folder), join(dir, folder));
    }
  }
  return { dialogsDir: join(dir, 'dialogs'), knowledgeDir: join(dir, 'knowledge') };
}

async function link(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true });
  const entries = await readdir(from, { withFileTypes: true }).catch(() => []);
  for (const entry of entries) {
    if (entry.isFile()) await symlink(join(from, entry.name), join(to, entry.name));
  }
}

/**
 * Trains the models of some content, or takes those of an earlier run, and puts them where a server
 * on `dataDir` looks for them: so that a bench measures its server and not its training.
 */
export async function provideModels(content: ContentDirs, dataDir: string): Promise<void> {
  const kept = join(tmpdir(), 'yingda-bench-models');
  const clock = { now: () => Date.now() };
  const logger = createLogger('silent');
  const options = { ...content, modelsDir: kept, clock, logger, watch: false };
  await (await loadContent(options)).stop();
  await cp(kept, modelsDir(dataDir), { recursive: true });
}
