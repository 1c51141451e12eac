import type { ChannelContext } from '../../src/channel/channel.ts';

/** Makes a listener that can't throw. */
export type Guard = <A extends unknown[]>(
  what: string,
  take: (...said: A) => unknown,
) => (...said: A) => void;

/**
 * Makes listeners of an emitter whose exceptions, thrown or rejected, would end the process.
 * @param fault gets what a listener throws; may throw itself
 */
export function createGuard(
  logger: ChannelContext['logger'],
  fault: (error: unknown) => void,
): Guard {
  function report(what: string, error: unknown): void {
    try {
      logger.error({ event: what, fault: nameOf(error) }, 'wechaty: a listener failed');
      fault(error);
    } catch {
      // There is nobody left to tell.
    }
  }
  return (what, take) =>
    (...said) => {
      try {
        void Promise.resolve(take(...said)).catch((error: unknown) => report(what, error));
      } catch (error) {
        report(what, error);
      }
    };
}

/**
 * The code or the name of an error. Not its message: puppets put tokens, addresses and what people
 * wrote into theirs. Wechaty's own errors do so in their names too, behind the first word.
 */
export function nameOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return typeof error;
  const { code, name } = error as { code?: unknown; name?: unknown };
  const text = typeof code === 'string' ? code : typeof name === 'string' ? name : '';
  return /^[\w-]{1,60}/.exec(text)?.[0] ?? 'object';
}
