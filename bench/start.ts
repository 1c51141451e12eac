import { Agent } from 'node:http';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { OutsideError } from '../src/errors.ts';
import { directLine } from './direct-line.ts';
import { probeFsync } from './disk.ts';
import { readOptions } from './options.ts';
import { describeMachine, printTable, writeResult } from './result.ts';
import { freePort, serverPid, spawnServer, useOf } from './server-process.ts';
import { rounded, summary } from './stats.ts';

const QUESTION = '下单后多久能到？';
const ANSWER = '2–4';
const PATIENCE_MS = 120_000;
const NPM = ['npm', 'start'];

interface Started {
  /** From the spawning of the command to the right answer, in ms. */
  readonly answerMs: number;
  readonly restMib: number;
}

/**
 * Time from the command `npm start` to a correct first answer over Direct Line, and memory at rest:
 * with the model in the cache, with an empty cache, and with the cache but without npm around it.
 */
export async function bench(args: readonly string[]): Promise<void> {
  const settings = readOptions(args, { rounds: 5, untrained: 3, restSeconds: 5 });
  const machine = await describeMachine();
  const root = await mkdtemp(join(tmpdir(), 'yingda-bench-start-'));
  const rest = settings.restSeconds * 1000;
  try {
    const fsync = await probeFsync(root);
    const first = join(root, 'first');
    const cached: Started[] = [];
    const bare: Started[] = [];
    const untrained: Started[] = [];
    for (let round = 0; round < settings.untrained; round += 1) {
      const dataDir = round === 0 ? first : join(root, `untrained-${round}`);
      untrained.push(await startOnce(dataDir, rest, NPM));
    }
    for (let round = 0; round < settings.rounds; round += 1) {
      const dataDir = join(root, `cached-${round}`);
      await cp(join(first, 'models'), join(dataDir, 'models'), { recursive: true });
      cached.push(await startOnce(dataDir, rest, NPM));
      bare.push(await startOnce(dataDir, rest, undefined));
    }
    const row = (start: string, goalMs: number, all: readonly Started[]) => ({
      start,
      bestMs: summary(all.map((s) => s.answerMs)).best,
      medianMs: summary(all.map((s) => s.answerMs)).median,
      goalMs,
      restMib: summary(all.map((s) => s.restMib)).median,
      goalMib: 256,
    });
    const table = [
      row('npm start, model cached', 2500, cached),
      row('node alone, model cached', 2500, bare),
      row('npm start, no cache', 10_000, untrained),
    ];
    printTable(table);
    const command = ['npm run bench -- start', ...args].join(' ');
    const rounds = { cached, bare, untrained };
    console.log(await writeResult('start', { command, machine, fsync, settings, table, rounds }));
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

async function startOnce(
  dataDir: string,
  restMs: number,
  command: readonly string[] | undefined,
): Promise<Started> {
  const port = await freePort();
  const agent = new Agent({ keepAlive: true });
  const begun = performance.now();
  const server = spawnServer({ dataDir, port, ...(command === undefined ? {} : { command }) });
  try {
    await firstAnswer(directLine(server.base, agent), begun);
    const answerMs = rounded(performance.now() - begun, 0);
    await sleep(restMs);
    const { rssMib } = await useOf(await serverPid(server.child.pid ?? 0));
    return { answerMs, restMib: rssMib };
  } finally {
    agent.destroy();
    await server.end('SIGTERM');
  }
}

async function firstAnswer(line: ReturnType<typeof directLine>, begun: number): Promise<void> {
  const patient = (): boolean => performance.now() - begun < PATIENCE_MS;
  let conversation: string | undefined;
  while (conversation === undefined && patient()) {
    conversation = (await line.begin('bench').catch(() => sleep(10)))?.conversationId;
  }
  if (conversation !== undefined) {
    await line.post(conversation, 'bench', QUESTION, 'first');
    while (patient()) {
      const { activities } = await line.read(conversation, '0');
      const reply = activities.find((a) => a.from.role === 'bot');
      if (reply !== undefined && (reply.text ?? '').includes(ANSWER)) return;
      await sleep(5);
    }
  }
  throw new OutsideError('bench', 'no correct answer in time', { retryable: false });
}
