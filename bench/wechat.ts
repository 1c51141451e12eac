import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { provideModels } from './content.ts';
import { probeFsync } from './disk.ts';
import { startGenerator } from './generator.ts';
import { readOptions } from './options.ts';
import { describeMachine, printTable, writeResult } from './result.ts';
import { freePort, startServer, useOf } from './server-process.ts';
import { rounded } from './stats.ts';
import type { WechatOrder, WechatReport } from './wechat/load.ts';

const ROOT = join(import.meta.dirname, '..');

/**
 * Customers of an official account in safe mode: encrypted callbacks at a fixed rate of random moments,
 * timed from the moment each was meant to be sent until the answer is in the callback's own response.
 * Everything is on disk before it is answered.
 */
export async function bench(args: readonly string[]): Promise<void> {
  const settings = readOptions(args, {
    users: 1000,
    messages: 6,
    rate: 450,
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
  printTable(
    rounds.map(({ load, server }) => ({
      'callbacks/s': load.callbacksPerSecond,
      answered: `${load.answered}/${load.sent}`,
      errors: JSON.stringify(load.errors),
      p50: load.passive.p50Ms,
      p95: load.passive.p95Ms,
      p99: load.passive.p99Ms,
      max: load.passive.maxMs,
      'server CPU ms/message': server.cpuMsPerMessage,
    })),
  );
  const command = ['npm run bench -- wechat', ...args].join(' ');
  console.log(await writeResult('wechat', { command, machine, fsync, settings, rounds }));
}

interface Round {
  readonly load: WechatReport;
  readonly server: { readonly cpuMsPerMessage: number; readonly peakMib: number };
}

async function runOnce(order: Omit<WechatOrder, 'callback'>): Promise<Round> {
  const dataDir = await mkdtemp(join(tmpdir(), 'yingda-bench-wechat-'));
  await provideModels(
    { dialogsDir: join(ROOT, 'dialogs'), knowledgeDir: join(ROOT, 'knowledge') },
    dataDir,
  );
  const generator = startGenerator(join(import.meta.dirname, 'wechat/load.ts'));
  try {
    const env = (await generator.next()) as Readonly<Record<string, string>>;
    const server = await startServer({ dataDir, port: await freePort(), env });
    try {
      const pid = server.child.pid ?? 0;
      const before = await useOf(pid);
      const callback = `${server.base}/channels/wechat`;
      generator.send({ ...order, callback } satisfies WechatOrder);
      const load = (await generator.next()) as WechatReport;
      const after = await useOf(pid);
      if (server.complaints() !== '') console.error(server.complaints());
      const cpuMs = (after.cpuSeconds - before.cpuSeconds) * 1000;
      const cpuMsPerMessage = rounded(cpuMs / Math.max(1, load.sent), 3);
      return { load, server: { cpuMsPerMessage, peakMib: after.peakMib } };
    } finally {
      await server.end('SIGTERM');
    }
  } finally {
    generator.kill();
    await rm(dataDir, { recursive: true, force: true });
  }
}
