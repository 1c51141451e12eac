import type { ChannelState } from '../../src/channel/channel.ts';
import { ApiError, type Api, type ApiAnswer } from '../../src/channel/tencent/api.ts';
import { OutsideError } from '../../src/errors.ts';
import { Lru } from '../../src/channel/lru.ts';
import { stateOf, type ServiceState } from './session.ts';

/** How long a state is believed without asking, in ms, unless an event says otherwise. */
const BELIEVED_MS = 60_000;
const MAX_KEPT = 10_000;
const BOUNDS = { timeoutMs: 5000 };
const TRIES = 3;
const WAIT_MS = 200;

/** The sessions of one account, as WeCom has them. Conversations are `<open_kfid>:<external_userid>`. */
export interface Sessions {
  /** @throws OutsideError retryable where WeCom can't be asked */
  state(conversation: string): Promise<ServiceState>;
  /**
   * Moves a session.
   * @returns the code that allows one message on the event; absent where there is none
   * @throws ApiError 95016 where WeCom has it in another state by now
   */
  move(conversation: string, to: ServiceState): Promise<string | undefined>;
  /** An event told it. */
  know(conversation: string, state: ServiceState): void;
  /** Asks again next time. */
  forget(conversation: string): void;
  /** The customer wrote: a session that had ended has begun anew. */
  wrote(conversation: string): void;
  /** Whether we passed it to a person and did not hear of its end. */
  handedOver(conversation: string): Promise<boolean>;
  handOver(conversation: string, on: boolean): Promise<void>;
}

/** The two parts of a conversation's id. */
export function partsOf(conversation: string): { kf: string; user: string } {
  const at = conversation.indexOf(':');
  return { kf: conversation.slice(0, at), user: conversation.slice(at + 1) };
}

/** Opens them. */
export function createSessions(parts: {
  readonly api: Api;
  readonly state: ChannelState;
  readonly clock: { now(): number };
  readonly account: string;
  /** Waits between tries, in ms. */
  readonly wait: (ms: number) => Promise<void>;
}): Sessions {
  const { api, state, clock, account, wait } = parts;
  const known = new Lru<{ state: ServiceState; at: number }>(MAX_KEPT);
  const keyOf = (conversation: string): string => `handed:${account}:${conversation}`;

  function know(conversation: string, now: ServiceState): void {
    known.set(conversation, { state: now, at: clock.now() });
  }

  return {
    know,
    forget: (conversation) => known.delete(conversation),
    wrote: (conversation) => {
      if (known.get(conversation)?.state === 4) known.delete(conversation);
    },
    state: async (conversation) => {
      const kept = known.get(conversation);
      if (kept !== undefined && clock.now() - kept.at <= BELIEVED_MS) return kept.state;
      const { kf, user } = partsOf(conversation);
      const body = { open_kfid: kf, external_userid: user };
      const answer = await again(
        () => api.post('/cgi-bin/kf/service_state/get', body, BOUNDS),
        wait,
      );
      const now = stateOf(answer.service_state);
      if (now === undefined) {
        throw new OutsideError('wecom-state', 'service_state/get answered no state', {
          retryable: true,
        });
      }
      know(conversation, now);
      return now;
    },
    move: async (conversation, to) => {
      const { kf, user } = partsOf(conversation);
      known.delete(conversation);
      const body = { open_kfid: kf, external_userid: user, service_state: to };
      const answer = await again(
        () => api.post('/cgi-bin/kf/service_state/trans', body, BOUNDS),
        wait,
      );
      know(conversation, to);
      const { msg_code: code } = answer;
      return typeof code === 'string' && code !== '' ? code : undefined;
    },
    handedOver: async (conversation) => (await state.get(keyOf(conversation))) === true,
    handOver: async (conversation, on) => {
      if (on) await state.set(keyOf(conversation), true);
      else await state.delete(keyOf(conversation));
    },
  };
}

/** Asking for a state or for a move does no harm twice. Of a move that was done the second is refused. */
async function again(
  call: () => Promise<ApiAnswer>,
  wait: (ms: number) => Promise<void>,
): Promise<ApiAnswer> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await call();
    } catch (error) {
      if (!(error instanceof OutsideError)) throw error;
      const lost = error.unknownOutcome || (error.retryable && !(error instanceof ApiError));
      if (!lost) throw error;
      if (tries >= TRIES) {
        throw new OutsideError(error.code, error.message, { retryable: true, cause: error });
      }
      await wait(WAIT_MS * tries * (0.5 + Math.random()));
    }
  }
}
