/** `npm start`: config, wire, listen; on SIGTERM or SIGINT drain within 10 s. */
import { join } from 'node:path';
import { Registry } from 'prom-client';
import { loadContent, modelsDir, startEngine } from './app.ts';
import { botEndpoint } from './channel/bot-endpoint.ts';
import type { OpenChannel } from './channel/channel.ts';
import { channelEnv } from './channel/channel-env.ts';
import { discoverChannels } from './channel/discovery.ts';
import { statusRoutes } from './channel/status.ts';
import { demoShop } from './connector/demo/shop.ts';
import { processEnv, readConfig } from './config.ts';
import { ConfigError, FileError, messageOf, YingdaError } from './errors.ts';
import { createLogger } from './log.ts';
import { createMetrics } from './metrics.ts';
import { openChannel } from './open-channels.ts';
import { createServer } from './server.ts';
import { openEmbeddedStore } from './store/embedded.ts';
import { startDelivery } from './turn/deliver.ts';
import { TurnSignals } from './turn/signals.ts';
import { openEmbedder } from './understanding/embedding/open.ts';

/** A second signal, or this long after the first, ends the process whatever is in hand. In ms. */
const DRAIN_MS = 10_000;

async function main(): Promise<void> {
  const begun = performance.now();
  const dev = process.argv.includes('--dev');
  const env = processEnv();
  const found = await discoverChannels(join(import.meta.dirname, '../channels'));
  const wanted = [...found, botEndpoint({ dev })].map((definition) => ({
    definition,
    ...channelEnv(definition, env),
  }));
  const config = readConfig(
    env,
    wanted.flatMap((w) => w.faults),
  );
  const logger = createLogger(config.logLevel);
  const clock = { now: () => Date.now() };
  const registry = new Registry();
  const { dialogsDir, knowledgeDir, dataDir } = config;
  const embedder = openEmbedder({
    ...config.embeddings,
    logger,
    fetch: globalThis.fetch,
    now: () => clock.now(),
  });
  // An encoder that must work stops the start; one that may is tried meanwhile.
  if (config.embeddings.mode === 'on') await embedder;
  const content = await loadContent({
    ...(config.embeddings.mode === 'off' ? {} : { embedder }),
    dialogsDir,
    knowledgeDir,
    modelsDir: modelsDir(dataDir),
    clock,
    logger,
    texts: wanted.flatMap((w) => w.definition.texts ?? []),
  });
  const store = await openEmbeddedStore({ dataDir, clock, logger });
  const open = new Map<string, OpenChannel>();
  const metrics = createMetrics(registry, store, content.knowledge, open);
  const server = createServer({
    logger,
    metrics: registry,
    health: async () => {
      try {
        await store.probe();
        return [];
      } catch (error) {
        logger.error({ error }, 'the store can not be written');
        return ['the store can not be written'];
      }
    },
  });

  const definitions = wanted.filter((w) => w.on).map((w) => w.definition);
  const signals = new TurnSignals();
  for (const definition of definitions) {
    const opened = await openChannel(definition, {
      env,
      store,
      signals,
      router: server,
      clock,
      logger,
      dataDir,
      ...(config.publicUrl === undefined ? {} : { publicUrl: config.publicUrl }),
      wording: (key, lang) => content.knowledge.current().text(key, lang),
    });
    open.set(definition.name, opened);
  }
  statusRoutes({ router: server, store, clock, open });
  const channels = new Map(definitions.map((d) => [d.name, d]));
  const port = await server.listen(config.port, config.host);
  // Turns run only once it listens: a start that fails must not use up the tries of messages.
  const engine = startEngine({
    content,
    store,
    clock,
    logger,
    orders: demoShop(clock.now()),
    channels,
    onDuty: () => false,
    metrics,
    signals,
  });
  const delivery = startDelivery({ store, clock, logger, open, channels, metrics });
  logger.info(
    { port, channels: [...open.keys()], ms: Math.round(performance.now() - begun) },
    `Yingda is at http://localhost:${port}/`,
  );

  let stopping = false;
  const stop = (signal: string): void => {
    if (stopping) process.exit(1);
    stopping = true;
    logger.info({ signal }, 'draining');
    setTimeout(() => {
      logger.error('not drained in time');
      process.exit(1);
    }, DRAIN_MS).unref();
    void drain().catch((error: unknown) => {
      logger.error({ error }, 'not drained well');
      process.exit(1);
    });
  };
  const drain = async (): Promise<void> => {
    for (const channel of open.values()) await channel.stop();
    await Promise.all([server.close(), content.stop()]);
    await Promise.all([engine.turns.stop(), delivery.stop()]);
    await store.close();
    logger.info('stopped');
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}

try {
  await main();
} catch (error) {
  const known = error instanceof ConfigError || error instanceof FileError;
  const text = known || error instanceof YingdaError ? messageOf(error) : error;
  process.stderr.write(
    `Yingda can't start. 无法启动。\n${text instanceof Error ? (text.stack ?? text.message) : String(text)}\n`,
  );
  process.exitCode = 1;
  process.exit();
}
