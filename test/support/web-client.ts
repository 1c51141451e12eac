/** The real botframework-directlinejs client in Node, and what it saw. */
import { createRequire } from 'node:module';
import type { DirectLine as DirectLineClass } from 'botframework-directlinejs';
import { WebSocket } from 'ws';
import type { SeenActivity } from './web-server.ts';

const require = createRequire(import.meta.url);

/** A client under way. */
export interface Client {
  readonly line: DirectLineClass;
  readonly seen: SeenActivity[];
  /** ConnectionStatus values in order: 1 connecting, 2 online, 3 expired, 4 failed, 5 ended. */
  readonly statuses: number[];
  readonly sockets: WebSocket[];
  /** Posts and resolves with the id the server gave. */
  post(text: string, from?: string): Promise<string>;
  /** Resolves when this many activities were seen. */
  until(count: number): Promise<void>;
  end(): void;
}

/** Connects one. `webSocket: false` polls every 200 ms. */
export function connectClient(options: {
  domain: string;
  token?: string;
  secret?: string;
  webSocket: boolean;
  conversationId?: string;
}): Client {
  const sockets: WebSocket[] = [];
  const XMLHttpRequest: unknown = require('xhr2');
  class Recorded extends WebSocket {
    constructor(url: string) {
      super(url);
      sockets.push(this);
    }
  }
  Object.assign(globalThis, { XMLHttpRequest, WebSocket: Recorded });
  const { DirectLine } = require('botframework-directlinejs') as {
    DirectLine: typeof DirectLineClass;
  };
  // random: the shortest wait before a reconnect, 3 s.
  const parts = { WebSocket: Recorded, random: () => 0, pollingInterval: 200, ...options };
  const line = new DirectLine(parts as never);
  const seen: SeenActivity[] = [];
  const statuses: number[] = [];
  line.activity$.subscribe(
    (activity) => seen.push(activity as unknown as SeenActivity),
    () => undefined,
  );
  line.connectionStatus$.subscribe(
    (status) => statuses.push(status),
    () => undefined,
  );
  return {
    line,
    seen,
    statuses,
    sockets,
    post: (text, from = 'u1') =>
      new Promise((resolve, reject) => {
        line.postActivity({ type: 'message', from: { id: from }, text }).subscribe(resolve, reject);
      }),
    until: async (count) => {
      while (seen.length < count) await new Promise((resolve) => setTimeout(resolve, 10));
    },
    end: () => {
      line.end();
      for (const socket of sockets) socket.terminate();
    },
  };
}
