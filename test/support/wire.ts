/** HTTP requests as bytes, with as little between test and server as can be. */
import { request } from 'node:http';

/** A request. */
export interface Wire {
  readonly method?: string;
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

/** An answer, read to its end. */
export interface Answer {
  /** 0 where the connection was cut. */
  readonly status: number;
  readonly body: string;
}

/** What a provider that waits for no answer gets. */
export const TOLD: Answer = { status: 200, body: '' };

/** Sends a request on a connection of its own. */
export function send({ method, url, headers, body }: Wire): Promise<Answer> {
  return exchange({ url, method: method ?? 'POST', headers: { ...headers } }, body ?? '');
}

/**
 * Sends a request whose body does not come: the status it gets, or 0 where it gets none within a second.
 */
export async function sendHeadOnly({ method, url, headers }: Wire): Promise<number> {
  const announced = { ...headers, 'content-length': '100000' };
  const { status } = await exchange(
    { url, method: method ?? 'POST', headers: announced },
    undefined,
  );
  return status;
}

function exchange(
  head: { url: string; method: string; headers: Record<string, string> },
  body: string | Uint8Array | undefined,
): Promise<Answer> {
  return new Promise((resolve) => {
    const cut = { status: 0, body: '' };
    const { url, method, headers } = head;
    const call = request(url, { method, headers, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', () => resolve(cut));
      response.on('end', () => {
        call.destroy();
        resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString() });
      });
    });
    call.on('error', () => resolve(cut));
    if (body !== undefined) return call.end(body);
    call.setTimeout(1000, () => {
      call.destroy();
      resolve(cut);
    });
    call.flushHeaders();
    return undefined;
  });
}
