/**
 * `npm run simulate -- <name> [--port N] [--callback URL]`: starts the provider of `simulators/<name>`
 * on this machine, has it verify the server's callback address, and shows the customer's phone as a page.
 */
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import type { Simulator } from '../../simulators/simulator.ts';
import { ConfigError, messageOf } from '../errors.ts';
import { findSimulator } from './simulators.ts';

const FOLDER = path.join(import.meta.dirname, '../../simulators');
const PAGE = 'phone-page';
const PORTS: Readonly<Record<string, number>> = { wechat: 4010, wecom: 4020 };
const AGAIN_MS = 1_000;

/** Folders under `simulators/`; the page that they share is none of them. */
function known(): string {
  const names = readdirSync(FOLDER).filter((n) => existsSync(path.join(FOLDER, n, 'index.ts')));
  return names.filter((n) => n !== PAGE).join(', ');
}

async function verified(simulator: Simulator, callback: string, stop: AbortSignal): Promise<void> {
  let said: string | undefined;
  while (simulator.verify !== undefined && !stop.aborted) {
    const fault = await simulator.verify();
    if (fault === undefined) {
      console.log(`\n${callback} is verified.`);
      return;
    }
    if (fault !== said) console.log(`\nWaiting for ${callback} to verify: ${fault}`);
    said = fault;
    await sleep(AGAIN_MS, undefined, { signal: stop }).catch(() => undefined);
  }
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { port: { type: 'string' }, callback: { type: 'string' } },
  });
  const [name = ''] = positionals;
  const one = positionals.length === 1 && name !== PAGE;
  const start = one ? await findSimulator(name) : undefined;
  if (start === undefined) {
    throw new ConfigError([{ name: 'simulate', fault: `say which one: ${known()}` }]);
  }
  const port = Number(values.port ?? PORTS[name] ?? 4030);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new ConfigError([{ name: '--port', fault: `"${values.port ?? ''}" is no port` }]);
  }
  const callback = values.callback ?? `http://localhost:3978/channels/${name}`;
  if (!URL.canParse(callback)) {
    throw new ConfigError([{ name: '--callback', fault: `"${callback}" is no address` }]);
  }
  const simulator = await start({ port });
  simulator.connect(callback);

  console.log('Start the server with these settings:\n');
  for (const [variable, value] of Object.entries(simulator.env)) {
    console.log(`${variable}=${value} \\`);
  }
  console.log(`npm start\n\nThe customer's phone: ${simulator.url}/`);

  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());
  const ended = new Promise((resolve) => stop.signal.addEventListener('abort', resolve));
  await verified(simulator, callback, stop.signal);
  await ended;
  await simulator.stop();
}

try {
  await main();
} catch (error) {
  console.error(messageOf(error));
  process.exit(2);
}
