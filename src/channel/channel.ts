/**
 * The port that every folder under `channels/` implements: `export default defineChannel({...})`
 * in its `index.ts`. A channel verifies, decodes and renders. It decides nothing about content.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Logger } from '../log.ts';
import type { OutsideError } from '../errors.ts';
import type { Address, Inbound, Lang, Line, Reply } from '../message.ts';
import type { Accepted, ChannelState, Conversations, Json, Log } from '../store/store.ts';

export type {
  Accepted,
  ChannelState,
  Conversation,
  Conversations,
  Json,
  JsonObject,
  Log,
} from '../store/store.ts';
export { conversationKey } from '../store/store.ts';

/** What a channel's surface can show; the engine picks wording and form by it. */
export interface Capabilities {
  /**
   * `pull`: the customer's client reads the conversation's log, so a committed reply is a delivered one.
   * `push`: `deliver` is called for each reply.
   */
  readonly delivery: 'pull' | 'push';
  /** Offered choices are shown as something to tap. Where false they are numbered in the text. */
  readonly taps: boolean;
  /** Most replies of one conversation that `deliverAll` gets at once. Default 1. */
  readonly batch?: number;
  /** Longest text of one bubble in UTF-8 bytes; absent where there is no limit. */
  readonly maxBytes?: number;
}

/** An HTTP request whose route matched. `params` are the named parts of the path, `query` of the URL. */
export type RouteRequest = IncomingMessage & {
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  /** The caller's network address. */
  readonly client: string;
  /**
   * Counts one message (or one read) of `user` against the limit for one user: resolves when it may
   * go on, after a wait where they come too fast. Call it once the caller is verified, before the
   * body is read.
   * @throws RequestError 429 with `retryAfter` when too many wait already
   */
  admit(user: string, what?: 'message' | 'read'): Promise<void>;
};

/**
 * Handles one request and ends the response. A thrown RequestError is answered in the channel's own
 * error shape where it sets one with {@link Router.onError}, anything else as 500 without details.
 * Trap: restify's `response.writeHead` returns nothing, so it can't be chained.
 */
export type RouteHandler = (request: RouteRequest, response: ServerResponse) => Promise<void>;

/** Where a channel asks for its routes. Bodies arrive unread: verify first, then parse. */
export interface Router {
  /**
   * @param path named parts as in `/conversations/:id`; a route for GET answers HEAD too
   * @param options `limited: false` takes the route out of the limit for one network address, for
   *   callers that must never be told 429 (default: limited)
   */
  on(
    method: 'GET' | 'POST' | 'PUT' | 'DELETE' | 'OPTIONS',
    path: string,
    handler: RouteHandler,
    options?: { limited?: boolean },
  ): void;
  /** WebSocket upgrades whose path matches. */
  upgrade(
    path: string,
    handler: (request: RouteRequest, socket: Duplex, head: Buffer) => void,
  ): void;
  /** Renders errors of routes under `prefix`. */
  onError(
    prefix: string,
    render: (error: {
      status: number;
      code: string;
      message: string;
      retryAfter?: number;
    }) => unknown,
  ): void;
}

/** What the engine gives a channel. */
export interface ChannelContext {
  /** Stores a message for its turn; resolves when it is on disk. Acknowledge only after that. */
  accept(inbound: Inbound): Promise<Accepted>;
  /**
   * Stores what one pull brought, in order, and with it where the next pull begins: all of it or nothing.
   * @param state a value of {@link ChannelContext.state} to set in the same transaction
   */
  acceptAll(
    inbounds: readonly Inbound[],
    state?: { readonly key: string; readonly value: Json },
  ): Promise<readonly Accepted[]>;
  /**
   * Puts replies to this message that were being sent when an earlier process ended back in the queue.
   * Only where the provider shows that it has got none of them (it asks for the same answer again).
   * @returns how many
   */
  resume(conversation: string, inboundId: string): Promise<number>;
  /** Small values of this channel (cursors, budgets) in the store: on disk when `set` resolves. */
  readonly state: ChannelState;
  /**
   * Waits until the turn of a message has committed, for callers that must answer in the same
   * request. Resolves `true` at once where it has already, `false` after `timeoutMs`.
   * @param conversation the conversation's key
   */
  turnEnded(conversation: string, inboundId: string, timeoutMs: number): Promise<boolean>;
  readonly conversations: Conversations;
  readonly log: Log;
  readonly router: Router;
  /** Values of the variables the definition names under `env`, those that are set. */
  readonly env: Readonly<Record<string, string>>;
  /** Public origin without a trailing slash; absent where none is configured. */
  readonly publicUrl?: string;
  /** A folder that belongs to this channel, on disk. */
  readonly dataDir: string;
  readonly logger: Logger;
  readonly clock: { now(): number };
  /** A new id, unguessable, URL-safe. */
  newId(): string;
  readonly fetch: typeof globalThis.fetch;
  /** Wording by key from `knowledge/wording.yaml`. */
  wording(key: string, lang: Lang): string;
}

/** A line that goes out. */
export type OutLine = Line & { readonly kind: 'out' };

/** One reply on its way, as a channel that takes several at once gets it. Exactly one method is to be called. */
export interface Outgoing {
  readonly line: OutLine;
  /** The same for every try: 32 characters of `[0-9a-f]`. Pass it on where the provider takes one. */
  readonly idempotencyKey: string;
  /** Tries before this one. */
  readonly attempts: number;
  /** The provider has it. On disk when this resolves: await it before the next one is sent. */
  sent(providerId?: string): Promise<void>;
  /** `retryable` tries again later, `unknownOutcome` never by itself; else it is dead, with the message as the reason. */
  failed(error: OutsideError): Promise<void>;
}

/** How a channel is, for operators. */
export interface ChannelHealth {
  /** Whether customers can be served now. */
  readonly ok: boolean;
  /** One sentence a fact, in English: "The last callback came 12 s ago". No secrets. */
  readonly notes: readonly string[];
  /** What is to be scanned with a phone to log in. */
  readonly qr?: string;
}

/** A channel that is on. */
export interface OpenChannel {
  /**
   * Sends one reply (`push` channels). Resolves with the provider's id of it.
   * @throws OutsideError whose `retryable` and `unknownOutcome` decide what happens next
   */
  deliver?(line: OutLine, to: Address, idempotencyKey: string): Promise<string | undefined>;
  /**
   * Instead of `deliver`: sends the replies that wait for one conversation, oldest first, at most
   * {@link Capabilities.batch} of them, merged and split as the channel likes. What is neither sent
   * nor failed when it resolves goes back to the queue at once. What it throws counts for all of those.
   */
  deliverAll?(replies: readonly Outgoing[], to: Address): Promise<void>;
  /** Never calls the provider. */
  health?(): ChannelHealth;
  /** Ends every socket, timer and file handle. */
  stop(): Promise<void>;
}

/** A channel as its folder defines it. */
export interface ChannelDefinition {
  /** The folder's name. */
  readonly name: string;
  readonly capabilities: Capabilities;
  /**
   * Variables it is configured with. All of `required` set: on. None: off. Some: the start is refused
   * and says which are missing. An empty `required` list: always on.
   */
  readonly env: {
    readonly required: readonly string[];
    readonly optional: readonly string[];
    /** The variable that names a file with more accounts; set, it switches the channel on by itself. */
    readonly accounts?: string;
  };
  /** Keys of `knowledge/wording.yaml` that it asks for; a knowledge version without them is not served. */
  readonly texts?: readonly string[];
  open(context: ChannelContext): Promise<OpenChannel>;
  /** The bubbles that a customer's device shows for one turn's replies. Default: one each. */
  render?(replies: readonly Reply[], lang: Lang): readonly Reply[];
}

/** Types a channel. The default export of `channels/<name>/index.ts`. */
export function defineChannel(definition: ChannelDefinition): ChannelDefinition {
  return definition;
}
