import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { loadContent } from '../../src/app.ts';
import { OutsideError } from '../../src/errors.ts';
import { createLogger } from '../../src/log.ts';

/** One change of one utterance, from the write of its file to the new model. */
export interface Swap {
  readonly swapMs: number;
  /** Messages that the old model recognised meanwhile. */
  readonly served: number;
  /** The longest wait between two of them, in ms: what a customer could notice. */
  readonly longestGapMs: number;
}

const ROOT = join(import.meta.dirname, '../..');
const PATIENCE_MS = 60_000;
const PAUSE_MS = 2;
const FILE = 'faq/delivery.yaml';

/** Changes one utterance of the demo shop `rounds` times while it is served. */
export async function swaps(rounds: number): Promise<readonly Swap[]> {
  const dir = await mkdtemp(join(tmpdir(), 'yingda-bench-swap-'));
  const knowledgeDir = join(dir, 'knowledge');
  await cp(join(ROOT, 'knowledge'), knowledgeDir, { recursive: true });
  const content = await loadContent({
    dialogsDir: join(ROOT, 'dialogs'),
    knowledgeDir,
    modelsDir: join(dir, 'models'),
    clock: { now: () => Date.now() },
    logger: createLogger('silent'),
  });
  try {
    const out: Swap[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const path = join(knowledgeDir, FILE);
      const text = await readFile(path, 'utf8');
      const before = content.understanding.current.version;
      const begun = performance.now();
      await writeFile(path, text.replace(/^( {6}- ).*$/mu, `$1快递第${round + 1}天会到哪里`));
      let served = 0;
      let longestGapMs = 0;
      let last = begun;
      while (content.understanding.current.version === before) {
        content.understanding.recognize('我的快递什么时候到', 'zh');
        const now = performance.now();
        served += 1;
        longestGapMs = Math.max(longestGapMs, now - last);
        last = now;
        if (now - begun > PATIENCE_MS) {
          throw new OutsideError('bench', 'the model was not swapped', { retryable: false });
        }
        await sleep(PAUSE_MS);
      }
      out.push({ swapMs: performance.now() - begun, served, longestGapMs });
    }
    return out;
  } finally {
    await content.stop();
    await rm(dir, { recursive: true, force: true });
  }
}
