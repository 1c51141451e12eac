import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { provideModels } from './content.ts';
import { probeFsync } from './disk.ts';
import { startGenerator } from './generator.ts';
import type { LoadOrder, LoadReport } from './http/load.ts';
import { readOptions } from './options.ts';
import { describeMachine, printTable, writeResult } from './result.ts';
import { freePort, startServer, useOf } from './server-process.ts';
import { rounded } from './stats.ts';

const ROOT = join(import.meta.dirname, '..');

/** The same scenario as Botpress v12 measured itself with, from its "Benchmarking" page. */
const PUBLISHED = {
  what: 'Botpress v12, its own documentation: 1,000 users, 5 messages each, localhost',
  messagesPerSecond: 70.6,
  meanMs: 12_085,
  overSlaFraction: 0.953,
  timeouts: 2172,
  refused: 1988,
};

/**
 * Users over Direct Line against a server of its own: messages at random moments at a fixed rate,
 * whether answers keep up or not, timed from the moment each was meant to be sent.
 */
export async function bench(args: readonly string[]): Promise<void> {
  const settings = readOptions(args, {
    users: 1000,
    messages: 5,
    rate: 500,
    poll: 0,
    timeoutMs: 30_000,
    seed: 1,
    rounds: 3,
  });
  const machine = await describeMachine();
  const fsync = await probeFsync(tmpdir());
  const rounds: Round[] = [];
  for (let round = 0; round < settings.rounds; round += 1) {
    rounds.push(await runOnce({ ...settings, seed: settings.seed + round }));
  }
  const table = rounds.map(({ load, server }) => ({
    'messages/s': load.messagesPerSecond,
    answered: `${load.answered}/${load.sent}`,
    errors: JSON.stringify(load.errors),
    p50: load.socket.p50Ms || load.polling.p50Ms,
    p95: load.socket.p95Ms || load.polling.p95Ms,
    p99: load.socket.p99Ms || load.polling.p99Ms,
    max: Math.max(load.socket.maxMs, load.polling.maxMs),
    'server CPU ms/message': server.cpuMsPerMessage,
    'peak MiB': server.peakMib,
  }));
  printTable(table);
  const command = ['npm run bench -- http', ...args].join(' ');
  const result = { command, machine, fsync, settings, rounds, published: PUBLISHED };
  console.log(await writeResult('http', result));
}

interface Round {
  readonly load: LoadReport;
  readonly server: {
    readonly cpuSeconds: number;
    readonly cpuMsPerMessage: number;
    readonly rssMib: number;
    readonly peakMib: number;
  };
}

async function runOnce(order: Omit<LoadOrder, 'base'>): Promise<Round> {
  const dataDir = await mkdtemp(join(tmpdir(), 'yingda-bench-http-'));
  await provideModels(
    { dialogsDir: join(ROOT, 'dialogs'), knowledgeDir: join(ROOT, 'knowledge') },
    dataDir,
  );
  const server = await startServer({ dataDir, port: await freePort() });
  const pid = server.child.pid ?? 0;
  const generator = startGenerator(join(import.meta.dirname, 'http/load.ts'));
  try {
    generator.send({ ...order, base: server.base } satisfies LoadOrder);
    await generator.next();
    const before = await useOf(pid);
    generator.send('go');
    const load = (await generator.next()) as LoadReport;
    const after = await useOf(pid);
    const cpuSeconds = rounded(after.cpuSeconds - before.cpuSeconds, 2);
    const cpuMsPerMessage = rounded((cpuSeconds * 1000) / Math.max(1, load.sent), 3);
    const { rssMib, peakMib } = after;
    if (server.complaints() !== '') console.error(server.complaints());
    return { load, server: { cpuSeconds, cpuMsPerMessage, rssMib, peakMib } };
  } finally {
    generator.kill();
    await server.end('SIGTERM');
    await rm(dataDir, { recursive: true, force: true });
  }
}
