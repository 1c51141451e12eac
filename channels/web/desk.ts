import { conversationKey, type ChannelContext } from '../../src/channel/channel.ts';
import { RequestError } from '../../src/errors.ts';
import type { RouteRequest } from '../../src/channel/channel.ts';
import type { Origins } from './origin.ts';
import type { Caller, Claims, Verifier } from './verify.ts';

/** How ids of conversations begin, by who began them: the secret does not act for the page's. */
const PREFIX = { page: 'p-', secret: 'c-' } as const;
/** Conversations whose user is remembered, and messages whose place is. */
const MAX_REMEMBERED = 10_000;

/** Everything the routes share. */
export interface Desk {
  readonly context: ChannelContext;
  readonly verifier: Verifier;
  readonly origins: Origins;
  /** The caller of a request. @throws RequestError 403 */
  caller(request: RouteRequest): Caller;
  /** An id for a new conversation. */
  newConversation(by: 'page' | 'secret'): string;
  /** Opens the conversation of these claims. Answers whether it is new. */
  open(claims: Claims): Promise<boolean>;
  /**
   * Checks that the caller may act in a conversation, and says for which user.
   * @throws RequestError 403 it is somebody else's, 404 there is none
   */
  enter(request: RouteRequest, conv: string): Promise<Claims>;
  /** The user of a conversation: the one that is bound, or else this one from now on. */
  bind(conv: string, user: string): Promise<string>;
}

/** A bounded memory: the oldest is forgotten first. */
interface Remembered<T> {
  get(key: string): T | undefined;
  set(key: string, value: T): void;
}

function createRemembered<T>(): Remembered<T> {
  const map = new Map<string, T>();
  return {
    get: (key) => map.get(key),
    set: (key, value) => {
      map.set(key, value);
      if (map.size <= MAX_REMEMBERED) return;
      const oldest = map.keys().next();
      if (!oldest.done) map.delete(oldest.value);
    },
  };
}

/** The key of a web conversation in the log. */
export function keyOf(conv: string): string {
  return conversationKey({ channel: 'web', account: 'default', conversation: conv });
}

/** Makes the desk of an open channel. */
export function createDesk(context: ChannelContext, verifier: Verifier, origins: Origins): Desk {
  const users = createRemembered<string>();
  const opened = createRemembered<true>();

  function caller(request: RouteRequest): Caller {
    const who = verifier.caller(request.headers.authorization);
    // Browsers only ever hold tokens: one that shows the secret has been given it by mistake.
    const page = request.headers.origin !== undefined;
    if (who.kind === 'secret' ? page : !origins.trusted(request, who.origins)) {
      throw new RequestError(403, 'Forbidden', 'This page may not use this bearer');
    }
    return who;
  }

  async function open(claims: Claims): Promise<boolean> {
    const key = keyOf(claims.conv);
    if (opened.get(key) || (await context.conversations.get(key))) {
      opened.set(key, true);
      return false;
    }
    await context.conversations.open({
      channel: 'web',
      account: 'default',
      id: claims.conv,
      ...(claims.user === undefined ? {} : { user: claims.user }),
      createdAt: context.clock.now(),
    });
    opened.set(key, true);
    return true;
  }

  return {
    context,
    verifier,
    origins,
    caller,
    open,
    newConversation: (by) => PREFIX[by] + context.newId(),
    enter: async (request, conv) => {
      const who = caller(request);
      if (who.kind === 'token') {
        if (who.conv !== conv) {
          throw new RequestError(403, 'Forbidden', 'The token is for another conversation');
        }
        return who;
      }
      if (conv.startsWith(PREFIX.page)) {
        throw new RequestError(
          403,
          'Forbidden',
          'The conversation was not started with the secret',
        );
      }
      const found = opened.get(keyOf(conv)) ?? (await context.conversations.get(keyOf(conv)));
      if (!found) throw new RequestError(404, 'NotFound', 'There is no such conversation');
      return { conv };
    },
    bind: async (conv, user) => {
      const key = keyOf(conv);
      const known = users.get(key);
      if (known !== undefined) return known;
      const bound = await context.conversations.bind(key, user);
      users.set(key, bound);
      return bound;
    },
  };
}
