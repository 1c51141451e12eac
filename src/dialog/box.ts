import type { Attachment, Lang } from '../message.ts';
import type { Move } from './interpret.ts';
import type { Said } from './read-slot.ts';
import type { Outcome } from './outcome.ts';
import type { Connectors, DialogWording, TicketDesk, Wording } from './ports.ts';
import type { OfferedChoice } from './slots/slot.ts';

/**
 * What one turn lends to the dialogs that run in it, and what they leave behind. It travels in the
 * turn context's `turnState` under {@link BOX}.
 */
export interface DialogBox {
  readonly lang: Lang;
  readonly now: number;
  readonly connectors: Connectors;
  readonly tickets: TicketDesk;
  readonly wording: Wording;
  /** Choices and labels of a dialog in the knowledge version this turn began with. */
  dialogWording(id: string): DialogWording;
  /** What the message means, where that was decided before the dialog runs. */
  readonly move?: Move;
  /** How the last dialog that ended in this turn ended. */
  outcome?: Outcome;
  /** How many ticket changes this turn has made so far. */
  readonly writes?: () => number;
  /** Orders that dialogs were told or have shown in this turn, for later messages to point at. */
  readonly noted?: Noted[];
  /** Say nothing when a paused dialog becomes the active one again. */
  quiet?: boolean;
}

/** Something that a dialog was told or has shown, in the order it happened. */
export type Noted =
  | {
      readonly kind: 'order';
      readonly id: string;
      /** Titles of what is in it. */
      readonly items: readonly Readonly<Record<Lang, string>>[];
    }
  | { readonly kind: 'orders'; readonly list: readonly OfferedChoice[] };

export const BOX = Symbol('dialog box');

/** The parts of a Bot Framework activity that reading an answer needs. */
export interface SaidActivity {
  readonly text?: string;
  readonly value?: unknown;
  readonly attachments?: readonly { contentType: string; contentUrl?: string; name?: string }[];
}

const KINDS = ['image', 'audio', 'video'] as const;

/** An activity as slots look at it; the text is cut at 4,000 characters. */
export function saidOf(activity: SaidActivity, lang: Lang, now: number): Said {
  const attachments: Attachment[] = (activity.attachments ?? []).map((a) => ({
    kind: KINDS.find((k) => a.contentType.startsWith(`${k}/`)) ?? 'file',
    name: a.name ?? '',
    contentType: a.contentType,
    url: a.contentUrl ?? '',
  }));
  return {
    text: (activity.text ?? '').slice(0, 4000),
    lang,
    now,
    attachments,
    ...(typeof activity.value === 'string' ? { tapped: activity.value } : {}),
  };
}
