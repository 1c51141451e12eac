/** Tasks that a message asked for beside its first one: they wait in the session and start in order. */
import type { BeginOptions } from '../dialog/compile.ts';
import type { Carried } from '../message.ts';

/** A task that waits. */
export interface Pending {
  readonly dialog: string;
  /** What the message told for it. */
  readonly options: BeginOptions;
  /** Which of them were said for another task of the same message. */
  readonly carried?: readonly Carried[];
  /** The order that it is for, where one message asks for the same with several. */
  readonly of?: string;
  /** When it was asked for, in ms since 1970. */
  readonly at: number;
}

/** Tasks that wait at most; of more wishes the last ones are lost, and the customer is told. */
export const MOST_PENDING = 3;
/** How long a task waits, in ms: 30 minutes. Then it is forgotten, as a wish of another day. */
export const PENDING_MS = 30 * 60_000;

/** The tasks that still wait at `now`. */
export function stillWaiting(
  pending: readonly Pending[] | undefined,
  now: number,
): readonly Pending[] {
  return (pending ?? []).filter((p) => now - p.at <= PENDING_MS);
}

/**
 * The queue with more tasks behind; one that waits already waits once, with what was told last. The
 * same task for another order is another one.
 */
export function enqueue(
  pending: readonly Pending[] | undefined,
  more: readonly Pending[],
): Pending[] {
  const key = ({ dialog, of }: Pending): string => `${dialog}\n${of ?? ''}`;
  const again = new Set(more.map(key));
  const kept = (pending ?? []).filter((p) => !again.has(key(p)));
  return [...kept, ...more].slice(0, MOST_PENDING);
}
