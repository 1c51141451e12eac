import type { ConfigFault } from '../errors.ts';
import type { ChannelDefinition } from './channel.ts';

/** Whether a channel is on, by what is configured. */
export interface ChannelEnv {
  readonly on: boolean;
  /** The channel's variables that are set; an empty one counts as not set. */
  readonly values: Readonly<Record<string, string>>;
  /** What is missing where a channel is half configured: the start must be refused. */
  readonly faults: readonly ConfigFault[];
}

/**
 * Looks up a channel's variables. All of its `required` ones set: on. None: off. Some: a fault for
 * each that is missing.
 */
export function channelEnv(
  definition: Pick<ChannelDefinition, 'name' | 'env'>,
  env: Readonly<Record<string, string | undefined>>,
): ChannelEnv {
  const values: Record<string, string> = {};
  for (const name of [...definition.env.required, ...definition.env.optional]) {
    const value = env[name];
    if (value !== undefined && value !== '') values[name] = value;
  }
  const missing = definition.env.required.filter((name) => !(name in values));
  if (missing.length === 0) return { on: true, values, faults: [] };
  if (missing.length === definition.env.required.length) return { on: false, values, faults: [] };
  const fault = `is missing: the ${definition.name} channel needs all of ${definition.env.required.join(', ')}`;
  return { on: false, values, faults: missing.map((name) => ({ name, fault })) };
}
