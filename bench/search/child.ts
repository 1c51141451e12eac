/** Measures one engine on one set, in a process of its own, and sends the figures to its parent. */
import { quantile, rounded } from '../stats.ts';
import { ENGINES, type EngineName } from './engines.ts';
import { basesOf, type SetName } from './sets.ts';

/** What the child is asked for, as JSON in its argument. */
export interface Job {
  readonly engine: EngineName;
  readonly set: SetName;
  /** Most seconds for the queries; slow engines are asked fewer. */
  readonly seconds: number;
}

/** What it cost and found. */
export interface Figures {
  readonly entries: number;
  /** CPU of building the index, of all bases of the set together. */
  readonly buildSeconds: number;
  readonly buildCpuSeconds: number;
  /** Memory that the index holds, strings and arrays; the largest base of the set. */
  readonly memoryMb: number;
  readonly queryP50Ms: number;
  readonly queryP99Ms: number;
  /** Adding one more entry to the full index. */
  readonly addP50Ms: number;
  readonly addMaxMs: number;
  readonly asked: number;
  readonly top1: number;
  readonly mrr5: number;
}

const ADDED = 100;

async function run({ engine: name, set, seconds }: Job): Promise<Figures> {
  const times: number[] = [];
  const added: number[] = [];
  let wall = 0;
  let cpu = 0;
  let memory = 0;
  let entries = 0;
  let top = 0;
  let reciprocal = 0;
  const bases = await basesOf(set);
  for (const base of bases) {
    const before = heldBytes();
    const began = performance.now();
    const cpuBefore = process.cpuUsage();
    const engine = ENGINES[name](set.lang);
    for (const entry of base.entries) engine.add(entry);
    engine.ready();
    const { user, system } = process.cpuUsage(cpuBefore);
    cpu += (user + system) / 1e6;
    wall += (performance.now() - began) / 1000;
    memory = Math.max(memory, heldBytes() - before);
    entries = Math.max(entries, base.entries.length);
    for (const { text } of base.questions.slice(0, 20)) engine.search(text);
    const limit = performance.now() + (seconds * 1000) / bases.length;
    for (const { text, id } of base.questions) {
      const start = performance.now();
      if (start > limit) break;
      const found = engine.search(text);
      times.push(performance.now() - start);
      const rank = found.indexOf(id) + 1;
      if (rank === 1) top += 1;
      if (rank > 0) reciprocal += 1 / rank;
    }
    for (const entry of base.entries.slice(0, ADDED)) {
      const start = performance.now();
      engine.add({ ...entry, id: `new-${entry.id}` });
      added.push(performance.now() - start);
    }
  }
  return {
    entries,
    buildSeconds: rounded(wall, 2),
    buildCpuSeconds: rounded(cpu, 2),
    memoryMb: rounded(memory / 1e6, 1),
    queryP50Ms: rounded(quantile(times, 0.5), 3),
    queryP99Ms: rounded(quantile(times, 0.99), 3),
    addP50Ms: rounded(quantile(added, 0.5), 3),
    addMaxMs: rounded(Math.max(...added), 3),
    asked: times.length,
    top1: rounded(top / times.length, 4),
    mrr5: rounded(reciprocal / times.length, 4),
  };
}

function heldBytes(): number {
  globalThis.gc?.();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

process.send?.(await run(JSON.parse(process.argv[2] ?? '') as Job));
process.disconnect();
