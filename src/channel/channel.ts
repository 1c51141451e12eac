/**
 * The port that every folder under `channels/` implements: `export default defineChannel({...})`
 * in its `index.ts`. A channel verifies, decodes and renders. It decides nothing about content.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Logger } from '../log.ts';
import type { Inbound, Lang, Line, Reply } from '../message.ts';
import type { Accepted, Conversations, Log } from '../store/store.ts';

export type { Accepted, Conversation, Conversations, Log } from '../store/store.ts';
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

/** A channel that is on. */
export interface OpenChannel {
  /**
   * Sends one reply (`push` channels). Resolves with the provider's id of it.
   * @throws OutsideError whose `retryable` and `unknownOutcome` decide what happens next
   */
  deliver?(
    line: Line & { kind: 'out' },
    to: Inbound['address'],
    idempotencyKey: string,
  ): Promise<string | undefined>;
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
  readonly env: { readonly required: readonly string[]; readonly optional: readonly string[] };
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
