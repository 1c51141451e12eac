import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { StartSimulator } from '../../simulators/simulator.ts';

/**
 * Finds the stand-in for a channel's provider: the default export of `simulators/<channel>/index.ts`.
 * `undefined` where there is none.
 * @param dir default: the folder of this repository
 */
export async function findSimulator(
  channel: string,
  dir = join(import.meta.dirname, '../../simulators'),
): Promise<StartSimulator | undefined> {
  const file = join(dir, channel, 'index.ts');
  if (!/^[a-z0-9-]+$/u.test(channel) || !existsSync(file)) return undefined;
  const module = (await import(pathToFileURL(file).href)) as { default?: unknown };
  return typeof module.default === 'function' ? (module.default as StartSimulator) : undefined;
}

/** The stand-ins for those of the channels that have one, by channel. */
export async function findSimulators(
  channels: readonly string[],
  dir?: string,
): Promise<ReadonlyMap<string, StartSimulator>> {
  const found = new Map<string, StartSimulator>();
  for (const channel of channels) {
    const start = await findSimulator(channel, dir);
    if (start !== undefined) found.set(channel, start);
  }
  return found;
}
