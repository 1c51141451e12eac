import { open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { quantile, rounded } from './stats.ts';

/** Time of one synced append, in ms. */
export interface FsyncLatency {
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly probes: number;
}

/** Appends 4 KiB and syncs it, `probes` times, in a file of its own in `dir`. */
export async function probeFsync(dir: string, probes = 200): Promise<FsyncLatency> {
  const path = join(dir, 'fsync-probe');
  const file = await open(path, 'w');
  const block = Buffer.alloc(4096, 1);
  const times: number[] = [];
  try {
    for (let i = 0; i < probes; i += 1) {
      const begun = performance.now();
      await file.write(block);
      await file.datasync();
      times.push(performance.now() - begun);
    }
  } finally {
    await file.close();
    await rm(path, { force: true });
  }
  return {
    p50Ms: rounded(quantile(times, 0.5), 3),
    p99Ms: rounded(quantile(times, 0.99), 3),
    probes,
  };
}
