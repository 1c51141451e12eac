/** Opens channels on a store: what `npm start`, `converse` and the tests share. */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { channelEnv } from './channel/channel-env.ts';
import type { ChannelContext, ChannelDefinition, OpenChannel, Router } from './channel/channel.ts';
import type { Logger } from './log.ts';
import type { Clock, Store } from './store/store.ts';
import type { TurnSignals } from './turn/signals.ts';

/** What a channel stands on. */
export interface ChannelParts {
  /** Any environment: the channel sees the variables that its definition names. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly store: Store;
  /** The ones that the engine on this store tells ends of turns to. */
  readonly signals: TurnSignals;
  readonly router: Router;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Folder of all data; the channel gets one of its name in it. */
  readonly dataDir: string;
  /** Default: none is configured. */
  readonly publicUrl?: string;
  readonly wording: ChannelContext['wording'];
  /** Default: Node's own. */
  readonly fetch?: typeof globalThis.fetch;
  /** Default: 22 random URL-safe characters. */
  readonly newId?: () => string;
}

/** Opens a channel, whatever its variables say about being on. */
export function openChannel(
  definition: ChannelDefinition,
  parts: ChannelParts,
): Promise<OpenChannel> {
  const { store, signals } = parts;
  const { name } = definition;
  return definition.open({
    accept: (inbound) => store.inbox.accept(inbound),
    acceptAll: (inbounds, state) => store.inbox.acceptAll(name, inbounds, state),
    resume: (conversation, inbound) => store.outbox.resume(conversation, inbound),
    state: store.channelState(name),
    turnEnded: (key, id, ms) => signals.wait(key, id, ms),
    conversations: store.conversations,
    log: store.log,
    router: parts.router,
    env: channelEnv(definition, parts.env).values,
    ...(parts.publicUrl === undefined ? {} : { publicUrl: parts.publicUrl }),
    dataDir: join(parts.dataDir, name),
    logger: parts.logger.child({ channel: name }),
    clock: parts.clock,
    newId: parts.newId ?? (() => randomBytes(16).toString('base64url')),
    fetch: parts.fetch ?? globalThis.fetch,
    wording: parts.wording,
  });
}
