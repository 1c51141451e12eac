import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadContent, type Content } from '../../src/app.ts';
import { HeldClock } from '../../src/cli/converse/stage.ts';
import { createLogger } from '../../src/log.ts';

/** The start of time in conversations. */
export const NOW = Date.parse('2026-11-22T10:00:00+08:00');

export const silent = createLogger(process.env.TEST_LOG ?? 'silent');

/** The clock that the shared content reads. */
export const contentClock = new HeldClock(NOW);

let shared: Promise<Content> | undefined;

/** The shop's own dialogs, knowledge and models, loaded once for all tests that only read them. */
export function shopContent(): Promise<Content> {
  shared ??= loadContent({
    dialogsDir: join(import.meta.dirname, '../../dialogs'),
    knowledgeDir: join(import.meta.dirname, '../../knowledge'),
    modelsDir: join(tmpdir(), 'yingda-test-models'),
    clock: contentClock,
    logger: silent,
    watch: false,
  });
  return shared;
}
