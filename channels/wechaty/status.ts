import { renderUnicodeCompact } from 'uqr';
import type { ChannelContext, ChannelHealth } from '../../src/channel/channel.ts';
import { nameOf } from './guard.ts';

/** What a status needs. */
export interface StatusParts extends Pick<ChannelContext, 'clock' | 'logger'> {
  /** Shows text to whoever sits at the terminal. */
  print(text: string): void;
}

/** What is known of a bot, by what it said. */
export interface Status {
  starting(): void;
  /** @param step as Wechaty numbers the steps of a scan */
  scan(code: string, step: number): void;
  login(): void;
  logout(): void;
  failed(): void;
  stopped(): void;
  fault(error: unknown): void;
  loginAt(): number | undefined;
  /** Resolves when there is a code or a login (`up`), or neither (`down`): at once where it is so. */
  until(what: 'up' | 'down'): Promise<void>;
  health(): ChannelHealth;
}

const WAITING = 2;
const SCANNED = [3, 4];
const TIMED_OUT = 5;

type Phase = keyof typeof WORDS;
const WORDS = {
  starting: 'Starting',
  scan: 'Waiting for the code to be scanned with the phone of the account',
  scanned: 'Scanned, waiting for the confirmation on the phone',
  in: 'Logged in',
  out: 'Logged out',
  failed: 'Not up, to be started again',
  stopped: 'Stopped',
} as const;
const UP: readonly Phase[] = ['scan', 'scanned', 'in'];

/** Makes the status of a bot that has said nothing yet. */
export function createStatus(parts: StatusParts): Status {
  const { clock, logger } = parts;
  let phase: Phase = 'starting';
  let since = clock.now();
  let qr: string | undefined;
  let printed: string | undefined;
  let faults = 0;
  let lastFault: { readonly at: number; readonly name: string } | undefined;
  const waits = new Map<'up' | 'down', { ends: Promise<void>; end: () => void }>();

  const is = (what: 'up' | 'down'): boolean => UP.includes(phase) === (what === 'up');

  function turn(to: Phase): void {
    if (phase !== to) {
      phase = to;
      since = clock.now();
      logger.info({ phase }, 'wechaty');
    }
    const what = is('up') ? 'up' : 'down';
    waits.get(what)?.end();
    waits.delete(what);
  }

  function show(code: string): void {
    if (code === printed) return;
    printed = code;
    parts.print(
      `${renderUnicodeCompact(code)}\nScan this with WeChat to log in. 请用微信扫码登录。\n`,
    );
  }

  function leave(to: Phase): void {
    qr = undefined;
    printed = undefined;
    turn(to);
  }

  return {
    starting: () => leave('starting'),
    scan: (code, step) => {
      if (SCANNED.includes(step)) return leave('scanned');
      qr = code === '' || step === TIMED_OUT ? undefined : code;
      turn('scan');
      if (qr !== undefined && step === WAITING) show(qr);
    },
    login: () => leave('in'),
    logout: () => leave('out'),
    failed: () => leave('failed'),
    stopped: () => leave('stopped'),
    fault: (error) => {
      faults += 1;
      lastFault = { at: clock.now(), name: nameOf(error) };
      logger.warn({ fault: lastFault.name }, 'wechaty: the puppet reports a fault');
    },
    loginAt: () => (phase === 'in' ? since : undefined),
    until: (what) => {
      if (is(what)) return Promise.resolve();
      let wait = waits.get(what);
      if (!wait) {
        let end = (): void => undefined;
        const ends = new Promise<void>((resolve) => (end = resolve));
        waits.set(what, (wait = { ends, end }));
      }
      return wait.ends;
    },
    health: () => ({
      ok: phase === 'in',
      notes: [
        `${WORDS[phase]} since ${timeOf(since)}`,
        ...(lastFault
          ? [`The last of ${faults} fault(s) came at ${timeOf(lastFault.at)}: ${lastFault.name}`]
          : []),
      ],
      ...(qr === undefined ? {} : { qr }),
    }),
  };
}

function timeOf(at: number): string {
  return new Date(at).toISOString().slice(0, 19) + 'Z';
}
