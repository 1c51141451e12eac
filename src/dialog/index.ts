/** Everything a file under `dialogs/` imports. */
export { back, defineDialog } from './define.ts';
export type { DialogTurn } from './define.ts';
export { done, goTo, handoff, retry, stop } from './outcome.ts';
export type { Order, OrderItem } from './ports.ts';
export { dropIn } from './run.ts';
export { titleOf } from './settle.ts';
export * from './slots/index.ts';
