/**
 * The data that flows through one turn, declared in flow order:
 * {@link Inbound} → {@link Understanding} → {@link Reply} → {@link Line}.
 * All of it is plain, readonly and JSON-safe: each value may be stored and read back.
 */

/** The languages that every wording, dialog and page exists in. */
export type Lang = 'zh' | 'en';

/** Where a message comes from and its answer goes back to. */
export interface Address {
  /** Folder name under `channels/`: `web`, `wechat`, … */
  readonly channel: string;
  /** Which account of that channel; `default` where there is one. */
  readonly account: string;
  /** Unique within channel and account. */
  readonly conversation: string;
  /** The customer's id on that channel. */
  readonly user: string;
}

/**
 * A file that came with a message. A `url` that begins with `/` is a file that the channel keeps; any
 * other was only named by the customer: show it as text, never fetch it.
 */
export interface Attachment {
  readonly kind: 'image' | 'audio' | 'video' | 'file';
  readonly name: string;
  readonly contentType: string;
  readonly url: string;
}

/** What arrived. A channel decodes everything to one of these; what it can't read is an `event`. */
export type Content =
  | { readonly kind: 'text'; readonly text: string }
  /** The customer tapped (or typed the number of) something we offered. */
  | { readonly kind: 'choice'; readonly value: string; readonly text: string }
  | {
      readonly kind: 'attachment';
      readonly attachments: readonly Attachment[];
      readonly text: string;
    }
  /** `join` (opened the chat), `subscribe`, `unsubscribe`, `scan`, or a channel's own name. */
  | { readonly kind: 'event'; readonly name: string; readonly value?: unknown }
  /** A person on duty writes, or hands the conversation back (`close`). */
  | {
      readonly kind: 'agent';
      readonly action: 'message' | 'close';
      readonly agent: string;
      readonly text: string;
    };

/** One message as it enters the inbox. `(channel, account, id)` is its unique key. */
export interface Inbound {
  /** The provider's message id: the same for every redelivery. */
  readonly id: string;
  readonly address: Address;
  readonly content: Content;
  /** Milliseconds since 1970, by our clock. */
  readonly at: number;
  /** The client's own language setting, a hint only. */
  readonly lang?: Lang;
  /** Opaque data of the client that the channel must give back with the echo. */
  readonly echo?: Readonly<Record<string, unknown>>;
}

/** A training line for the classifier. */
export interface Utterance {
  readonly text: string;
  readonly intent: string;
}

/** An intent with its confidence, 0 to 1. */
export interface ScoredIntent {
  readonly intent: string;
  readonly score: number;
}

/** A knowledge entry that fits the message. */
export interface Hit {
  readonly entry: string;
  readonly revision: string;
  /** 0 to 1; compare with the thresholds of the knowledge base, not across languages. */
  readonly score: number;
  /** Which of the three ways found it best. */
  readonly by: 'exact' | 'keyword' | 'classifier';
  /** The question in the customer's language, to offer as a choice. */
  readonly question: string;
}

/** Something taken from earlier turns of the conversation. */
export interface Carried {
  readonly what: 'order' | 'orders' | 'product' | 'ticket' | 'task' | 'entry';
  readonly value: string;
  /** `seq` of the message whose turn it comes from. */
  readonly from: number;
}

/** What the message seems to mean. Nothing here has decided anything yet. */
export interface Understanding {
  /** The language of this message. */
  readonly lang: Lang;
  readonly text: string;
  /** Best first. Empty where there is no text. */
  readonly intents: readonly ScoredIntent[];
  /** An intent that the message says it does not want ("我不要退货了"). */
  readonly negated?: string;
  /** Best first. */
  readonly hits: readonly Hit[];
  /** Asks how, when, whether: such a message prefers knowledge to a dialog. */
  readonly question: boolean;
  /** What the message points back at; absent where it stands by itself. */
  readonly carried?: readonly Carried[];
}

/** An offered answer. `value` comes back when it is chosen, `title` is what the customer sees. */
export interface Choice {
  readonly value: string;
  readonly title: string;
}

/** Where an answer came from, kept in the transcript for audits. */
export interface Source {
  readonly entry: string;
  readonly revision: string;
  readonly score: number;
  readonly runnerUp?: { readonly entry: string; readonly score: number };
}

/** A title with what belongs to it, shown as one thing that can be opened. */
export interface Card {
  readonly title: string;
  readonly text?: string;
  /** Address of its picture: `https:`, or `/…` for a file that a channel of ours serves. */
  readonly image?: string;
  /** What it opens. */
  readonly url?: string;
}

/** One bubble of the bot or of a person, before a channel renders it. */
export interface Reply {
  readonly from: 'bot' | 'agent';
  readonly text: string;
  readonly choices?: readonly Choice[];
  /** Pictures and files that go with the text, shown behind it. */
  readonly attachments?: readonly Attachment[];
  /** Shown behind the text. */
  readonly cards?: readonly Card[];
  /** The wording key it was made from, e.g. `return-order.say.opened`. */
  readonly key?: string;
  readonly source?: Source;
  /** A Bot Framework event for machines (`handoff.initiate`); customers do not see it. */
  readonly event?: { readonly name: string; readonly value?: unknown };
}

/** One line of a conversation's log. `seq` counts from 1 without gaps in each conversation. */
export type Line = {
  readonly seq: number;
  readonly at: number;
  /** The message id of the inbound that this line is, or answers. */
  readonly inbound: string;
} & (
  | {
      readonly kind: 'in';
      readonly user: string;
      readonly content: Content;
      readonly echo?: Readonly<Record<string, unknown>>;
    }
  | {
      readonly kind: 'out';
      /** `seq` of the message it answers; 0 where it answers an event, or comes from a person. */
      readonly to: number;
      readonly reply: Reply;
    }
);
