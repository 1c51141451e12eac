import { messageOf } from '../../errors.ts';

/** How a command that was given an unknown option, or an option without its value, ends. */
const USAGE = 2;

/** Says what was wrong; 2 where the command was called wrongly, 1 where it failed. */
export function exitCodeOf(error: unknown, usage: string): number {
  console.error(messageOf(error));
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (!code.startsWith('ERR_PARSE_ARGS_')) return 1;
  console.error(usage);
  return USAGE;
}
