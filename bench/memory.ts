import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { loadContent, modelsDir, type Content } from '../src/app.ts';
import { createLogger } from '../src/log.ts';
import type { Lang } from '../src/message.ts';
import { analyze, detectLang } from '../src/text/analyzer.ts';
import { findEntities } from '../src/text/entities/entities.ts';
import { Reading } from '../src/text/entities/reading.ts';
import { segment } from '../src/text/segment.ts';
import { spellOut } from '../src/text/spell-out.ts';
import { negatedScope } from '../src/understanding/negation.ts';
import { layOutContent, provideModels } from './content.ts';
import { readOptions } from './options.ts';
import { describeMachine, printTable, writeResult } from './result.ts';
import { quantile, rounded } from './stats.ts';

const NOW = Date.parse('2026-11-22T10:00:00+08:00');
const MIB = 2 ** 20;
/** Messages of each block that are timed part by part. */
const TIMED = 2000;

/** What understanding does with a message, part by part. */
type Part = (text: string, lang: Lang) => unknown;

/**
 * Memory and time of understanding alone, no store and no turn, over messages of which no two are the
 * same: what is kept of them, in caches or anywhere, shows as a heap that grows.
 */
export async function bench(args: readonly string[]): Promise<void> {
  const settings = readOptions(args, { messages: 1_000_000, blocks: 10, seed: 1 });
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const machine = await describeMachine();
  const root = await mkdtemp(join(tmpdir(), 'yingda-bench-memory-'));
  const dirs = await layOutContent(join(root, 'content'), []);
  await provideModels(dirs, root);
  const clock = { now: () => NOW };
  const logger = createLogger('silent');
  const content = await loadContent({
    ...dirs,
    modelsDir: modelsDir(root),
    clock,
    logger,
    watch: false,
  });
  try {
    const parts = partsOf(content);
    const next = messages(content, settings.seed);
    const each = Math.ceil(settings.messages / settings.blocks);
    const table: Record<string, number>[] = [];
    const times: Record<string, number[]> = {};
    for (let block = 0; block <= settings.blocks; block += 1) {
      const count = block === 0 ? Math.min(each, 20_000) : each;
      const begun = process.cpuUsage();
      for (let i = 0; i < count; i += 1) {
        const text = next();
        const lang = detectLang(text) ?? 'zh';
        for (const [name, part] of Object.entries(parts)) {
          const start = performance.now();
          part(text, lang);
          if (block > 0 && i < TIMED) (times[name] ??= []).push(performance.now() - start);
        }
      }
      const { user, system } = process.cpuUsage(begun);
      collect();
      const { heapUsed, rss } = process.memoryUsage();
      table.push({
        messages: (table.at(-1)?.messages ?? 0) + count,
        heapMiB: rounded(heapUsed / MIB, 1),
        rssMiB: rounded(rss / MIB, 1),
        cpuUsEach: rounded((user + system) / count, 1),
      });
      console.error(`${table.at(-1)?.messages ?? 0} messages`);
    }
    const byPart = Object.entries(times).map(([part, all]) => ({
      part,
      p50Us: rounded(quantile(all, 0.5) * 1000, 1),
      p99Us: rounded(quantile(all, 0.99) * 1000, 1),
    }));
    const [first, last] = [table[0]?.heapMiB ?? 0, table.at(-1)?.heapMiB ?? 0];
    const heapGrownMiB = rounded(last - first, 1);
    printTable(table);
    printTable(byPart);
    console.log(`heap grown after warming up: ${heapGrownMiB} MiB`);
    const command = ['npm run bench -- memory', ...args].join(' ');
    const result = { command, machine, settings, heapGrownMiB, table, byPart };
    console.log(await writeResult('memory', result));
  } finally {
    await content.stop();
    await rm(root, { recursive: true, force: true });
  }
}

function partsOf(content: Content): Readonly<Record<string, Part>> {
  const knowledge = content.knowledge.current();
  return {
    terms: (text) => analyze(text).terms,
    masked: (text) => analyze(text).masked,
    sounds: (text) => analyze(text).sounds,
    spellOut: (text) => spellOut(text),
    segment: (text, lang) => segment(text, lang),
    negation: (text, lang) => negatedScope(text, lang),
    entities: (text) => findEntities(new Reading(text), { now: NOW }),
    recognize: (text, lang) => content.understanding.recognize(text, lang),
    search: (text, lang) => knowledge.search(text, lang),
  };
}

/** Lines that the shop is trained on, each time with other numbers, characters and letters in them. */
function messages(content: Content, seed: number): () => string {
  const knowledge = content.knowledge.current();
  const lines = [...knowledge.utterances('zh'), ...knowledge.utterances('en')].map((u) => u.text);
  let state = seed;
  const random = (below: number): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  const letters = (): string =>
    Array.from({ length: 3 + random(6) }, () => String.fromCharCode(97 + random(26))).join('');
  const extras: readonly (() => string)[] = [
    () => String(20_000_000_000 + random(1_000_000_000)),
    () => `${1 + random(9999)}元`,
    () => String.fromCodePoint(0x4e00 + random(20_000), 0x4e00 + random(20_000)),
    () => letters(),
    () => `${letters()}@${letters()}.com`,
    () => `https://${letters()}.cn/${letters()}`,
  ];
  let count = 0;
  return () => {
    count += 1;
    const line = lines[random(lines.length)] ?? '';
    const extra = extras[random(extras.length)] ?? letters;
    return `${line} ${extra()} ${count}`;
  };
}
