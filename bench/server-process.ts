import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { get } from 'node:http';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { processEnv } from '../src/config.ts';
import { OutsideError } from '../src/errors.ts';
import type { ContentDirs } from './content.ts';

const ROOT = join(import.meta.dirname, '..');
const NODE = [process.execPath, '--import=tsx', 'src/index.ts'] as const;
/** A server that is not ready after this long never will be. In ms. */
const PATIENCE_MS = 60_000;

/** The secret that bench servers are started with. */
export const SECRET = 'bench-secret-that-is-long-enough';

/** What a server is started with. */
export interface ServerOptions {
  readonly dataDir: string;
  readonly port: number;
  /** Default: the demo shop's. */
  readonly content?: ContentDirs;
  /** Default: node itself, without npm around it. */
  readonly command?: readonly string[];
  /** Variables of channels. Default: none. */
  readonly env?: Readonly<Record<string, string>>;
}

/** A running server in a process of its own. */
export interface ServerProcess {
  readonly child: ChildProcess;
  readonly base: string;
  /** Resolves when the process has ended, however. */
  readonly ended: Promise<void>;
  runs(): boolean;
  /** What it wrote so far, warnings and worse; its end only. */
  complaints(): string;
  /** Sends a signal to it and what it started, and waits for its end. */
  end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void>;
}

/** Servers that run; they are in process groups of their own and would outlive this process. */
const running = new Set<ChildProcess>();

process.on('exit', () => {
  for (const { pid } of running) if (pid !== undefined) process.kill(-pid, 'SIGKILL');
});

/** Starts a server; does not wait until it is ready. Only this process's PATH and HOME go to it. */
export function spawnServer(options: ServerOptions): ServerProcess {
  const { dataDir, port, content, env } = options;
  const { PATH, HOME } = processEnv();
  const [program = '', ...args] = options.command ?? NODE;
  const child = spawn(program, args, {
    cwd: ROOT,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH,
      HOME,
      DATA_DIR: dataDir,
      PORT: String(port),
      HOST: '127.0.0.1',
      LOG_LEVEL: 'warn',
      DIRECTLINE_SECRET: SECRET,
      ...(content === undefined
        ? {}
        : { DIALOGS_DIR: content.dialogsDir, KNOWLEDGE_DIR: content.knowledgeDir }),
      ...env,
    },
  });
  let complaints = '';
  const keep = (chunk: Buffer): void => {
    complaints = (complaints + chunk.toString()).slice(-4000);
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  const runs = (): boolean => child.exitCode === null && child.signalCode === null;
  running.add(child);
  const ended = once(child, 'exit').then(() => {
    running.delete(child);
  });
  return {
    child,
    base: `http://127.0.0.1:${port}`,
    ended,
    runs,
    complaints: () => complaints,
    end: async (signal) => {
      if (runs() && child.pid !== undefined) {
        process.kill(-child.pid, signal);
      }
      await ended;
    },
  };
}

/**
 * Waits until the server says that it is ready.
 * @throws OutsideError when it has ended, or is not ready in a minute
 */
export async function untilReady(server: ServerProcess): Promise<void> {
  const until = performance.now() + PATIENCE_MS;
  while (!(await answers(`${server.base}/readyz`))) {
    if (!server.runs() || performance.now() > until) {
      throw new OutsideError('bench', `the server did not start: ${server.complaints()}`, {
        retryable: false,
      });
    }
    await sleep(15);
  }
}

function answers(url: string): Promise<boolean> {
  return new Promise((resolve) => {
    const request = get(url, { agent: false, timeout: 2000 }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    request.on('timeout', () => request.destroy());
    request.on('error', () => resolve(false));
  });
}

/** Starts a server and waits until it is ready. */
export async function startServer(options: ServerOptions): Promise<ServerProcess> {
  const server = spawnServer(options);
  try {
    await untilReady(server);
  } catch (error) {
    await server.end('SIGKILL');
    throw error;
  }
  return server;
}

/** A port of 127.0.0.1 that is free now. */
export async function freePort(): Promise<number> {
  const holder = createServer().listen(0, '127.0.0.1');
  await once(holder, 'listening');
  const { port } = holder.address() as AddressInfo;
  holder.close();
  await once(holder, 'close');
  return port;
}

/** What the kernel counts of a process: CPU seconds so far, memory now and at most. */
export interface ProcessUse {
  readonly cpuSeconds: number;
  readonly rssMib: number;
  readonly peakMib: number;
}

/** Reads it. Linux only. */
export async function useOf(pid: number): Promise<ProcessUse> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  const mib = (name: string): number =>
    Math.round(Number(new RegExp(`${name}:\\s+(\\d+)`, 'u').exec(status)?.[1] ?? 0) / 1024);
  // utime and stime, in clock ticks of 10 ms on every Linux that Node runs on.
  const ticks = Number(fields[11]) + Number(fields[12]);
  return { cpuSeconds: ticks / 100, rssMib: mib('VmRSS'), peakMib: mib('VmHWM') };
}

/** The process itself or the one below it that runs the server, where npm and a shell are around it. */
export async function serverPid(pid: number): Promise<number> {
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8');
  const [first] = children.trim().split(' ').filter(Boolean).map(Number);
  const line = await readFile(`/proc/${pid}/cmdline`, 'utf8');
  const itself = line.includes('src/index.ts') && line.includes('--import=tsx\0');
  return itself || first === undefined ? pid : serverPid(first);
}
