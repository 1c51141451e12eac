import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import { FileError, messageOf, type FileFault } from '../errors.ts';
import type { ChannelDefinition } from './channel.ts';

const names = z.array(z.string().min(1));
const definitionShape = z.object({
  name: z.string(),
  capabilities: z.object({
    delivery: z.enum(['pull', 'push']),
    taps: z.boolean(),
    batch: z.number().int().positive().optional(),
    maxBytes: z.number().int().positive().optional(),
  }),
  env: z.object({ required: names, optional: names, accounts: z.string().min(1).optional() }),
  open: z.function(),
  render: z.function().optional(),
});

/**
 * Loads the channel of each folder under `dir`, in order of their names.
 * @throws FileError naming every stray file, and every folder that does not hold a channel, with why
 */
export async function discoverChannels(dir: string): Promise<ChannelDefinition[]> {
  const entries = await readdir(dir, { withFileTypes: true });
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  const found: ChannelDefinition[] = [];
  const faults: FileFault[] = [];
  for (const entry of entries) {
    if (entry.name.endsWith('.md') || entry.name.startsWith('.')) continue;
    const place = path.join(dir, entry.name);
    if (!entry.isDirectory()) {
      faults.push({
        file: place,
        fault: 'is not the folder of a channel',
        mend: 'move it into a folder of its own with an index.ts, or out of here',
      });
      continue;
    }
    const loaded = await load(place, entry.name);
    if ('fault' in loaded) faults.push(loaded);
    else found.push(loaded);
  }
  if (faults.length > 0) throw new FileError(faults);
  return found;
}

async function load(folder: string, name: string): Promise<ChannelDefinition | FileFault> {
  const inside = await readdir(folder);
  const index = ['index.ts', 'index.js'].find((file) => inside.includes(file));
  if (index === undefined) {
    return {
      file: folder,
      fault: 'has no index.ts',
      mend: 'write one whose default export is defineChannel({...}), or remove the folder',
    };
  }
  const file = path.join(folder, index);
  try {
    const module = (await import(pathToFileURL(file).href)) as { default?: unknown };
    const checked = definitionShape.safeParse(module.default);
    if (!checked.success) {
      const [issue] = checked.error.issues;
      return {
        file,
        ...(issue && issue.path.length > 0 ? { key: issue.path.join('.') } : {}),
        fault: `the default export is not a channel: ${issue?.message ?? 'unknown shape'}`,
        mend: 'export default defineChannel({...}); src/channel/channel.ts says what it holds',
      };
    }
    const definition = module.default as ChannelDefinition;
    if (definition.name !== name) {
      return {
        file,
        key: 'name',
        fault: `is "${definition.name}" in a folder called "${name}"`,
        mend: 'give both the same name',
      };
    }
    return definition;
  } catch (error) {
    return { file, fault: `does not load: ${messageOf(error)}`, mend: 'mend the module' };
  }
}
