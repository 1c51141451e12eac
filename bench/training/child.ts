/** Entry of a process that trains once and reports what that took, then ends. */
import { readLabelled } from '../../src/cli/eval/labelled-file.ts';
import { loadKnowledge } from '../../src/knowledge/load.ts';
import type { Lang, Utterance } from '../../src/message.ts';
import { nodeNlpEngine } from '../../src/understanding/engine/engine.ts';
import { decodeModel } from '../../src/understanding/model.ts';
import { termLines } from '../../src/understanding/terms.ts';
import { trainModel } from '../../src/understanding/train.ts';
import { generated } from './lines.ts';

/** What to train on. */
export type Workload = { readonly name: string } & (
  | { readonly kind: 'file'; readonly file: string; readonly lang: Lang }
  | { readonly kind: 'shop'; readonly knowledgeDir: string }
  | { readonly kind: 'made-up'; readonly intents: number; readonly lines: number }
);

/** What one part of a training took; all threads together. */
export interface Phase {
  readonly phase: string;
  readonly wallMs: number;
  readonly cpuMs: number;
  /** At its end. */
  readonly rssMib: number;
}

/** What a training took. */
export interface Trained {
  readonly lines: number;
  readonly intents: number;
  readonly bytes: number;
  readonly phases: readonly Phase[];
  readonly peakMib: number;
  /** Seconds since the first phase began, and MiB in use then. */
  readonly memory: readonly (readonly [number, number])[];
}

const SAMPLE_MS = 50;
const TIMEOUT = 30 * 60_000;
const MIB = 2 ** 20;

type ByLang = readonly (readonly [Lang, readonly Utterance[]])[];

async function linesOf(workload: Workload): Promise<ByLang> {
  switch (workload.kind) {
    case 'file':
      return [[workload.lang, await readLabelled(workload.file)]];
    case 'shop': {
      const clock = { now: () => Date.now() };
      const knowledge = await loadKnowledge({ dir: workload.knowledgeDir, clock });
      return [
        ['zh', knowledge.utterances('zh')],
        ['en', knowledge.utterances('en')],
      ];
    }
    case 'made-up':
      return [['en', generated(workload.intents, workload.lines, 1)]];
  }
}

async function run(workload: Workload): Promise<Trained> {
  const byLang = await linesOf(workload);
  const phases: Phase[] = [];
  const memory: [number, number][] = [];
  const begun = performance.now();
  const rss = (): number => process.memoryUsage.rss() / MIB;
  const sample = (): void => {
    memory.push([(performance.now() - begun) / 1000, rss()]);
  };
  async function phase<T>(name: string, work: () => T | Promise<T>): Promise<T> {
    const cpu = process.cpuUsage();
    const before = performance.now();
    const result = await work();
    const { user, system } = process.cpuUsage(cpu);
    const wallMs = performance.now() - before;
    phases.push({ phase: name, wallMs, cpuMs: (user + system) / 1000, rssMib: rss() });
    sample();
    return result;
  }
  sample();
  const timer = setInterval(sample, SAMPLE_MS);
  const seen = await phase('analyse', () =>
    byLang.map(([lang, lines]) => ({ lang, lines: termLines(lines, lang) })),
  );
  const trained = await phase('train', () =>
    Promise.all(
      seen.map(({ lang, lines }) =>
        trainModel(nodeNlpEngine, lang, lines, {
          workers: seen.length > 1 ? 1 : 2,
          timeout: TIMEOUT,
        }),
      ),
    ),
  );
  await phase('load', () =>
    trained.map(({ model, bytes }) => decodeModel(nodeNlpEngine, model.key, bytes)),
  );
  clearInterval(timer);
  const all = byLang.flatMap(([lang, lines]) => lines.map(({ intent }) => `${lang} ${intent}`));
  return {
    lines: all.length,
    intents: new Set(all).size,
    bytes: trained.reduce((sum, { bytes }) => sum + bytes.length, 0),
    phases,
    peakMib: process.resourceUsage().maxRSS / 1024,
    memory,
  };
}

process.once('message', (workload: Workload) => {
  void run(workload).then((trained) => process.send?.(trained, () => process.disconnect()));
});
