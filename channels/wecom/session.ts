/**
 * Whose a customer's session with a 客服 account is, as WeCom keeps it
 * (https://developer.work.weixin.qq.com/document/path/94669). Tables, and nothing else.
 */

/** 0 nobody's yet, 1 the assistant's (ours), 2 waiting in the pool, 3 a person's, 4 ended or not begun. */
export type ServiceState = 0 | 1 | 2 | 3 | 4;

/** What a reply has to do in a state. */
export type Way =
  /** Take the session first, then send. */
  | 'begin'
  | 'send'
  /** Nothing but the notice that the queue's code allows. */
  | 'queued'
  /** Silence: sending is refused with 95018. */
  | 'human'
  /** Nothing but what the code of the end allows; the next message of the customer begins anew. */
  | 'ended';

const WAYS: Readonly<Record<ServiceState, Way>> = {
  0: 'begin',
  1: 'send',
  2: 'queued',
  3: 'human',
  4: 'ended',
};

const MOVES: Readonly<Record<ServiceState, readonly ServiceState[]>> = {
  0: [1, 2, 3, 4],
  1: [2, 3, 4],
  2: [3, 4],
  3: [3, 4],
  4: [],
};

/** `change_type` of a `session_status_change`. */
export type SessionChange =
  /** From the pool to a person. */
  | 1
  /** From one person to another. */
  | 2
  | 3
  /** A person took up an ended session. */
  | 4;

const AFTER_CHANGE: Readonly<Record<SessionChange, ServiceState>> = { 1: 3, 2: 3, 3: 4, 4: 3 };

/** What a reply has to do. */
export function wayOf(state: ServiceState): Way {
  return WAYS[state];
}

/** Whether we may move a session; everything else is answered 95016. */
export function mayMove(from: ServiceState, to: ServiceState): boolean {
  return MOVES[from].includes(to);
}

/** The state that an event tells. */
export function afterChange(change: SessionChange): ServiceState {
  return AFTER_CHANGE[change];
}

/** Reads a number as a state. */
export function stateOf(value: unknown): ServiceState | undefined {
  return typeof value === 'number' && Object.hasOwn(WAYS, value)
    ? (value as ServiceState)
    : undefined;
}

/** Reads a number as a change. */
export function changeOf(value: unknown): SessionChange | undefined {
  return typeof value === 'number' && Object.hasOwn(AFTER_CHANGE, value)
    ? (value as SessionChange)
    : undefined;
}
