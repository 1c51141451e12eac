import { RequestError } from '../errors.ts';
import type { RouteRequest } from './channel.ts';

const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

/** Whether a Host header (name or address, with or without a port) means this machine. */
export function isLoopbackHost(host: string): boolean {
  return URL.canParse(`http://${host}`) && LOOPBACK.test(new URL(`http://${host}`).hostname);
}

/** Whether an http(s) URL points to this machine by name or address; nothing is resolved. */
export function isLoopbackUrl(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, hostname } = new URL(url);
  return (protocol === 'http:' || protocol === 'https:') && LOOPBACK.test(hostname);
}

/** What proxies add: behind one of them, a caller from anywhere looks like one on this machine. */
const FORWARDED = ['forwarded', 'via', 'x-forwarded-for', 'x-forwarded-host', 'x-real-ip'];

/**
 * Lets only callers on this machine through: by their address, and by the Host they ask for, because
 * a page on the internet can make a browser call this machine under a name of its own.
 * Trap: a proxy on this machine that says nothing of its callers and replaces Host lets all of them through.
 * @throws RequestError 403
 */
export function refuseStrangers(request: RouteRequest): void {
  const { client, headers, httpVersion } = request;
  const near = client === '127.0.0.1' || client === '::1' || client.startsWith('127.');
  // HTTP/1.0 is what a proxy speaks that was told nothing.
  const direct = httpVersion !== '1.0' && FORWARDED.every((name) => headers[name] === undefined);
  if (!near || !direct || !isLoopbackHost(headers.host ?? '')) {
    throw new RequestError(403, 'Forbidden', 'Only for callers on this machine');
  }
}
