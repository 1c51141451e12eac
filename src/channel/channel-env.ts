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
 * Looks up a channel's variables. All of its `required` ones set: on. None: off, unless the one that
 * names its accounts is set. Some: a fault for each that is missing.
 */
export function channelEnv(
  definition: Pick<ChannelDefinition, 'name' | 'env'>,
  env: Readonly<Record<string, string | undefined>>,
): ChannelEnv {
  const { name, env: wanted } = definition;
  const values: Record<string, string> = {};
  for (const variable of variablesOf(definition)) {
    const value = env[variable];
    if (value !== undefined && value !== '') values[variable] = value;
  }
  const missing = wanted.required.filter((variable) => !(variable in values));
  if (missing.length === 0) return { on: true, values, faults: [] };
  if (missing.length === wanted.required.length) {
    const on = wanted.accounts !== undefined && wanted.accounts in values;
    return { on, values, faults: [] };
  }
  const fault = `is missing: the ${name} channel needs all of ${wanted.required.join(', ')}`;
  return { on: false, values, faults: missing.map((variable) => ({ name: variable, fault })) };
}

/** Every variable that a channel reads. */
export function variablesOf({ env }: Pick<ChannelDefinition, 'env'>): readonly string[] {
  const { required, optional, accounts } = env;
  // A definition may list its accounts' variable among the optional ones too.
  return [...new Set([...required, ...optional, ...(accounts === undefined ? [] : [accounts])])];
}
