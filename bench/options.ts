import { parseArgs } from 'node:util';
import { ConfigError } from '../src/errors.ts';

/**
 * Reads `--name value` for each name in `defaults`; numbers stay numbers.
 * @throws ConfigError for a name that is not among them or a value that is not a number
 */
export function readOptions<T extends Readonly<Record<string, number | string>>>(
  args: readonly string[],
  defaults: T,
): T {
  const options = Object.fromEntries(
    Object.keys(defaults).map((name) => [name, { type: 'string' as const }]),
  );
  let given: Record<string, string | boolean | undefined>;
  try {
    given = parseArgs({ args: [...args], options, strict: true }).values;
  } catch (cause) {
    const fault = `known options: ${Object.keys(defaults).join(', ')}`;
    throw Object.assign(new ConfigError([{ name: args.join(' '), fault }]), { cause });
  }
  const read = Object.entries(defaults).map(([name, standard]) => {
    const value = given[name];
    if (typeof value !== 'string') return [name, standard];
    if (typeof standard === 'string') return [name, value];
    const number = Number(value);
    if (value.trim() === '' || !Number.isFinite(number)) {
      throw new ConfigError([{ name: `--${name}`, fault: 'is not a number' }]);
    }
    return [name, number];
  });
  return Object.fromEntries(read) as T;
}
