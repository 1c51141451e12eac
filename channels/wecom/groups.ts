/** Which replies go out together, and how densely. Pure: nothing here sends. */
import type { Outgoing } from '../../src/channel/channel.ts';
import type { Density } from './render.ts';

/**
 * Replies to one message that were tried equally often, or that one plan holds: what goes out
 * together, now and at each further try.
 * @param planOf the plan of a reply that was begun; the same object for all that it holds
 */
export function groupsOf(
  replies: readonly Outgoing[],
  planOf: (reply: Outgoing) => object | undefined,
): readonly (readonly Outgoing[])[] {
  const groups: Outgoing[][] = [];
  for (const reply of replies) {
    const last = groups.at(-1)?.at(-1);
    const plan = planOf(reply);
    const alike = last?.line.inbound === reply.line.inbound && last.attempts === reply.attempts;
    const fits = alike || (plan !== undefined && last !== undefined && planOf(last) === plan);
    if (fits) groups.at(-1)?.push(reply);
    else groups.push([reply]);
  }
  return groups;
}

/** Groups that follow each other made one, where each may be and they were tried equally often. */
export function joined(
  groups: readonly (readonly Outgoing[])[],
  mayJoin: (group: readonly Outgoing[]) => boolean,
): readonly (readonly Outgoing[])[] {
  const runs: { open: boolean; replies: readonly Outgoing[] }[] = [];
  for (const group of groups) {
    const last = runs.at(-1);
    const open = mayJoin(group);
    const together = open && last?.open && last.replies[0]?.attempts === group[0]?.attempts;
    if (together) last.replies = [...last.replies, ...group];
    else runs.push({ open, replies: group });
  }
  return runs.map(({ replies }) => replies);
}

/** Whether the reply at this place is the first to another message than the one before it. */
export function beginsAnother(replies: readonly Outgoing[]): (index: number) => boolean {
  return (index) => index > 0 && replies[index - 1]?.line.inbound !== replies[index]?.line.inbound;
}

/** How replies go out. */
export interface Fit {
  readonly density: Density;
  /** Messages. */
  readonly most: number;
  /** Replies, from the first on, that go out. */
  readonly count: number;
}

const DENSITIES: readonly Density[] = [0, 1, 2];

/**
 * Finds the loosest form of `all` replies that leaves `reserve` of the sends that are `left`; where
 * none does, one that leaves nothing; where none does either, as many whole replies as can go out, or
 * the beginning of the first.
 * @param sizeOf messages of the first `count` replies
 */
export function fit(
  all: number,
  left: number,
  reserve: number,
  sizeOf: (count: number, density: Density) => number,
): Fit {
  const within = (count: number, limit: number): Fit | undefined => {
    for (const density of DENSITIES) {
      const most = sizeOf(count, density);
      if (most <= limit) return { density, most, count };
    }
    return undefined;
  };
  const whole = within(all, left - reserve) ?? within(all, left);
  if (whole !== undefined) return whole;
  for (let count = all - 1; count > 0; count -= 1) {
    const some = within(count, left);
    if (some !== undefined) return some;
  }
  return { density: 2, most: left, count: all };
}
