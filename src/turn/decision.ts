import type { Move } from '../dialog/interpret.ts';
import type { BeginOptions } from '../dialog/compile.ts';
import type { Carried, Hit, Lang } from '../message.ts';
import type { Pending } from './pending.ts';

/** What the bot will do with a message. One is chosen before anything is done. */
export type Decision =
  /** Nothing: a person owns the conversation, or the event needs no answer. */
  | { readonly kind: 'quiet' }
  | { readonly kind: 'welcome' }
  /** A person on duty wrote. */
  | { readonly kind: 'agent'; readonly agent: string; readonly text: string }
  | { readonly kind: 'agent-closes' }
  /** Waiting for a person: the message is passed on. */
  | { readonly kind: 'pass-on' }
  | { readonly kind: 'withdraw' }
  | { readonly kind: 'person'; readonly reason: string }
  | {
      readonly kind: 'start';
      readonly dialog: string;
      readonly options: BeginOptions;
      /** Values of `options` that were taken from earlier: the customer is told them. */
      readonly carried?: readonly Carried[];
      /** The order that it is for, where one message asks for the same with several. */
      readonly of?: string;
    }
  | { readonly kind: 'continue'; readonly move: Move }
  /** Start again the task that is open already. */
  | { readonly kind: 'already-in' }
  /** `all`: the tasks that wait as well; `then`: what the same message wants instead. */
  | {
      readonly kind: 'cancel';
      readonly all: boolean;
      readonly then?: Decision & { readonly kind: 'start' | 'answer' };
    }
  /** The customer does not want a task that is not open. */
  | { readonly kind: 'refused-task'; readonly dialog: string }
  /** `picked`: the customer chose it among those offered. */
  | {
      readonly kind: 'answer';
      readonly hit: Hit;
      readonly runnerUp?: Hit;
      readonly picked?: boolean;
    }
  | { readonly kind: 'suggest'; readonly hits: readonly Hit[] }
  /** Several wishes in one message: the answers are given, `first` is done, the tasks of `later` wait. */
  | {
      readonly kind: 'several';
      readonly answers: readonly (Decision & { readonly kind: 'answer' })[];
      readonly first?: Decision & { readonly kind: 'start' | 'continue' | 'already-in' };
      readonly later: readonly Pending[];
    }
  /** The customer asks for the other language. */
  | { readonly kind: 'language'; readonly lang: Lang }
  /** Somebody may be in danger: a careful word and the offer of a person, whatever is open. */
  | { readonly kind: 'care' }
  /** Swearing: a calm word and the offer of a person. */
  | { readonly kind: 'abuse' }
  /** A wording of its own: greetings, help, an empty message. */
  | { readonly kind: 'say'; readonly key: string }
  | { readonly kind: 'repeat' }
  /** Not understood: `miss` counts these in a row from 1. */
  | { readonly kind: 'miss'; readonly miss: number };

/** Values of choices that mean something outside dialogs. */
export const TAP = {
  person: 'person',
  ticket: 'ticket',
  none: 'none',
  faq: 'faq:',
} as const;
