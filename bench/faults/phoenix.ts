import { Agent } from 'node:http';
import type { ContentDirs } from '../content.ts';
import { directLine } from '../direct-line.ts';
import { spawnServer, untilReady, type ServerProcess } from '../server-process.ts';
import type { Connection } from './customer.ts';

/** What it is started with, each time. */
interface PhoenixOptions {
  readonly dataDir: string;
  readonly port: number;
  readonly content: ContentDirs;
  /** Variables of channels. Default: none. */
  readonly env?: Readonly<Record<string, string>>;
}

/** A server that is started again and again on the same port and folder. */
export class Phoenix {
  readonly connection: Connection;
  readonly #options: PhoenixOptions;
  readonly #agent = new Agent({ keepAlive: true });
  #server: ServerProcess | undefined;
  #up = false;
  #waiting: (() => void)[] = [];

  constructor(options: PhoenixOptions) {
    this.#options = options;
    this.connection = {
      line: directLine(`http://127.0.0.1:${options.port}`, this.#agent),
      up: () => (this.#up ? Promise.resolve() : new Promise((go) => this.#waiting.push(go))),
    };
  }

  /** Starts it without waiting until it is ready. */
  spawn(): ServerProcess {
    const server = spawnServer(this.#options);
    this.#server = server;
    void server.ended.then(() => {
      if (this.#server === server) this.#up = false;
    });
    return server;
  }

  /** Starts it, waits until it is ready, and lets the customers at it. @returns ms that took */
  async rise(): Promise<number> {
    const begun = performance.now();
    await untilReady(this.spawn());
    this.#up = true;
    for (const go of this.#waiting.splice(0)) go();
    return performance.now() - begun;
  }

  /** Resolves when the process is gone, by itself or by {@link fall}. */
  gone(): Promise<void> {
    return this.#server?.ended ?? Promise.resolve();
  }

  async fall(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    await this.#server?.end(signal);
  }

  complaints(): string {
    return this.#server?.complaints() ?? '';
  }

  async close(): Promise<void> {
    await this.fall('SIGTERM');
    this.#agent.destroy();
  }
}
