/**
 * A slot is one thing a dialog needs to know. It parses what a customer says, in Chinese and English,
 * by itself: Bot Framework's own Chinese prompts misread 要, 不要, 没有 and 最后一个.
 */
import type { Attachment, Choice, Lang } from '../../message.ts';

/** What a slot may look at. */
export interface SlotInput {
  /** As the customer wrote it, at most 4,000 characters. */
  readonly text: string;
  readonly lang: Lang;
  /** Milliseconds since 1970: what "tomorrow" is relative to. */
  readonly now: number;
  readonly attachments: readonly Attachment[];
  /** The value of a tapped choice. */
  readonly tapped?: string;
  /** The choices that were offered, in order; only for slots that offer some. */
  readonly offered: readonly OfferedChoice[];
}

/** A choice with the other words that mean it, in both languages. */
export interface OfferedChoice extends Choice {
  readonly alike: readonly string[];
}

/** What a slot made of the text. */
export type Parsed<T> =
  /**
   * `whole`: nothing but the value (and politeness) was said, so the message cannot mean anything else.
   * `quote` is the part of the text the value was read from, as the customer wrote it.
   */
  | {
      readonly kind: 'value';
      readonly value: T;
      readonly whole: boolean;
      readonly quote: string;
    }
  /** `reason` picks a wording that says what is wrong: `too-long`, `checksum`, `in-the-past`, … */
  | { readonly kind: 'none'; readonly reason?: string };

/** A kind of value, how it is read and shown. Make one with the functions beside this file. */
export interface Slot<T> {
  /** `text`, `choice`, `phone`, … */
  readonly type: string;
  /** May be skipped with "没有", "跳过", "none", "skip"; its value is then `null`. */
  readonly optional: boolean;
  /** Takes nearly any text: used only after everything else that the message could mean is ruled out. */
  readonly free: boolean;
  /** The values of a choice slot, in the order they are offered. */
  readonly values?: readonly string[];
  /** Reads the answer to our question. */
  parse(input: SlotInput): Parsed<T>;
  /**
   * Spots a value inside any sentence: the first one, or a correction. Never guesses: a slot that
   * takes any text finds none.
   */
  find(input: SlotInput): Parsed<T>;
  /**
   * Of a slot that takes any text: whether a part of an answer to another question is plainly meant for
   * it ("个人，王芳").
   */
  tells?(input: SlotInput): Parsed<T>;
  /** The value in words, for a summary. `title` gives the wording of a choice's value. */
  show(value: T, lang: Lang, title: (value: string) => string): string;
  /** Value as plain JSON text, the form conversation files compare with. */
  toText(value: T): string;
}
