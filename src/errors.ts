/** The one family of errors. Customers never read these: their wording lives in `knowledge/`. */

/** Base of every error this project throws. `code` is stable; messages may change. */
export class YingdaError extends Error {
  override name = 'YingdaError';
  readonly code: string;

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** One fault in the configuration, by the name of its variable. */
export interface ConfigFault {
  readonly name: string;
  readonly fault: string;
}

/** The configuration does not hold; carries every fault at once. */
export class ConfigError extends YingdaError {
  override name = 'ConfigError';
  readonly faults: readonly ConfigFault[];

  constructor(faults: readonly ConfigFault[]) {
    super(
      'config',
      `Configuration has ${faults.length} fault(s):\n` +
        faults.map((f) => `  ${f.name}: ${f.fault}`).join('\n'),
    );
    this.faults = faults;
  }
}

/** Where a fault of a written file is, and how to mend it. */
export interface FileFault {
  readonly file: string;
  /** From 1; absent where the whole file is meant. */
  readonly line?: number;
  /** Path inside the file, e.g. `slots.reason.ask.en`. */
  readonly key?: string;
  readonly fault: string;
  readonly mend: string;
}

/** One line a fault: `file:line key: fault; mend`. */
export function describeFault(f: FileFault): string {
  const place = f.line === undefined ? f.file : `${f.file}:${f.line}`;
  return `${place}${f.key === undefined ? '' : ` ${f.key}`}: ${f.fault}; ${f.mend}`;
}

/** Authored files (dialogs, knowledge, conversations, labelled data) with faults. */
export class FileError extends YingdaError {
  override name = 'FileError';
  readonly faults: readonly FileFault[];

  constructor(faults: readonly FileFault[]) {
    super('file', faults.map(describeFault).join('\n'));
    this.faults = faults;
  }
}

/** A caller's request that is refused. `status` is HTTP's; `code` follows the route's own error shape. */
export class RequestError extends YingdaError {
  override name = 'RequestError';
  readonly status: number;
  /** Seconds after which a retry makes sense. */
  readonly retryAfter?: number;

  constructor(status: number, code: string, message: string, retryAfter?: number) {
    super(code, message);
    this.status = status;
    if (retryAfter !== undefined) this.retryAfter = retryAfter;
  }
}

/** Somebody else wrote the state first: the turn runs again on what is there now. */
export class StateConflict extends YingdaError {
  override name = 'StateConflict';

  constructor(key: string) {
    super('state-conflict', `State of ${key} changed while the turn ran`);
  }
}

/** Something outside did not do what was asked. `retryable` says whether asking again can help. */
export class OutsideError extends YingdaError {
  override name = 'OutsideError';
  readonly retryable: boolean;
  /** The call may have taken effect: it must not be repeated without an idempotency key. */
  readonly unknownOutcome: boolean;

  constructor(
    code: string,
    message: string,
    how: { retryable: boolean; unknownOutcome?: boolean; cause?: unknown },
  ) {
    super(code, message, { cause: how.cause });
    this.retryable = how.retryable;
    this.unknownOutcome = how.unknownOutcome ?? false;
  }
}

/** A rule of our own was broken: a defect, not bad input. */
export class Defect extends YingdaError {
  override name = 'Defect';

  constructor(message: string, options?: ErrorOptions) {
    super('defect', message, options);
  }
}

/** Text of anything thrown, for logs. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
