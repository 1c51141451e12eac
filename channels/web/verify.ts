import { createHash, createSecretKey, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import jwt from 'jsonwebtoken';
import { RequestError } from '../../src/errors.ts';

/** Seconds a Direct Line token holds; the client renews it after half of them. */
export const TOKEN_SECONDS = 1800;

/** What a token is good for. */
export type Purpose = 'directline' | 'stream' | 'resume';

const lifetimes: Readonly<Record<Purpose, number>> = {
  directline: TOKEN_SECONDS,
  // Stands in a URL, which proxies write down: only long enough to open the socket.
  stream: 60,
  resume: 30 * 24 * 3600,
};

/** What a token says. */
export interface Claims {
  readonly conv: string;
  readonly user?: string;
  /** Origins of the pages that may use it; absent: those of the channel. */
  readonly origins?: readonly string[];
}

/** Who calls: the holder of the secret, or of a token for one conversation. */
export type Caller = { readonly kind: 'secret' } | ({ readonly kind: 'token' } & Claims);

/** Issues and checks bearers. */
export interface Verifier {
  issue(purpose: Purpose, claims: Claims): string;
  /** @throws RequestError 403 for a token that is forged, expired or made for something else */
  check(purpose: Purpose, token: string): Claims;
  /** @throws RequestError 403 where the bearer is missing, unknown or wrong */
  caller(authorization: string | undefined): Caller;
}

function forbidden(code: string, message: string): RequestError {
  return new RequestError(403, code, message);
}

/**
 * Makes the verifier. Tokens are JWTs signed with a key that is derived from the secret: a token
 * proves the secret without letting anybody guess at it.
 */
export function createVerifier(secret: string, now: () => number): Verifier {
  // A KeyObject: given bytes, jsonwebtoken tries each time to read them as a public key (450 µs).
  const key = createSecretKey(Buffer.from(hkdfSync('sha256', secret, '', 'yingda web tokens', 32)));
  const secretHash = digest(secret);
  function check(purpose: Purpose, token: string): Claims {
    try {
      const { conv, user, origins } = jwt.verify(token, key, {
        algorithms: ['HS256'],
        audience: purpose,
        clockTimestamp: Math.floor(now() / 1000),
      }) as unknown as Claims;
      return { conv, ...(user ? { user } : {}), ...(origins ? { origins } : {}) };
    } catch (error) {
      if (error instanceof jwt.TokenExpiredError) {
        throw forbidden('TokenExpired', 'The token has expired');
      }
      throw forbidden('Forbidden', 'The token is not valid');
    }
  }
  return {
    check,
    issue: (purpose, claims) => {
      const iat = Math.floor(now() / 1000);
      const payload = { ...claims, aud: purpose, iat, exp: iat + lifetimes[purpose] };
      return jwt.sign(payload, key, { algorithm: 'HS256' });
    },
    caller: (authorization) => {
      const [scheme = '', bearer = '', more] = (authorization ?? '').split(' ');
      if (scheme.toLowerCase() !== 'bearer' || bearer === '' || more !== undefined) {
        throw forbidden('Forbidden', 'Authorization: Bearer with a token is missing');
      }
      if (timingSafeEqual(digest(bearer), secretHash)) return { kind: 'secret' };
      return { kind: 'token', ...check('directline', bearer) };
    },
  };
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

/** The secret of the channel: the configured one, or one made at the first start and kept. */
export async function loadSecret(configured: string | undefined, dataDir: string): Promise<string> {
  if (configured !== undefined && configured !== '') return configured;
  const file = path.join(dataDir, 'directline-secret');
  try {
    await writeFile(file, randomBytes(32).toString('base64url'), { mode: 0o600, flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  return (await readFile(file, 'utf8')).trim();
}
