import { Defect } from '../errors.ts';

/** What {@link GroupCommit} needs of a database connection. All of it is synchronous. */
export interface GroupTransaction {
  begin(): void;
  commit(): void;
  /** Undoes everything since `begin`; does nothing where the engine has done that by itself. */
  rollback(): void;
  /** Runs `work`; when it throws, undoes what it wrote and nothing else. */
  nested<T>(work: () => T): T;
}

interface Job {
  readonly work: () => unknown;
  readonly after: (result: unknown) => void;
  readonly resolve: (result: unknown) => void;
  readonly reject: (reason: unknown) => void;
}

type Outcome =
  { readonly ok: true; readonly result: unknown } | { readonly ok: false; readonly error: unknown };

function attempt(work: () => unknown): Outcome {
  try {
    return { ok: true, result: work() };
  } catch (error) {
    return { ok: false, error };
  }
}

/** Longest run of jobs in one transaction, so that a burst can't hold the event loop for long. */
const MAX_JOBS = 256;

/**
 * Lets writes that are ready in the same tick of the event loop share one transaction and so one
 * fsync. A write that throws is undone and rejected alone; the others of its group are written.
 *
 * Trap: `work` may be run twice, so it changes nothing but the database. What else must change
 * belongs into `after`.
 */
export class GroupCommit {
  readonly #transaction: GroupTransaction;
  #jobs: Job[] = [];
  #scheduled = false;
  #closed = false;

  constructor(transaction: GroupTransaction) {
    this.#transaction = transaction;
  }

  /**
   * Resolves with what `work` returned, after the transaction that held it is on disk.
   * @param after runs right after that, in the order of the jobs and before anybody awaiting goes on
   * @throws what `work` threw, or what the engine threw at the commit of the whole group
   */
  run<T>(work: () => T, after: (result: T) => void = () => undefined): Promise<T> {
    if (this.#closed)
      return Promise.reject(new Defect('A write was asked for after the store was closed'));
    return new Promise<T>((resolve, reject) => {
      // The three callbacks of one job agree on T; the list of jobs does not know it.
      this.#jobs.push({ work, after, resolve, reject } as Job);
      this.#schedule();
    });
  }

  /** Writes what waits and takes nothing more. */
  close(): void {
    this.#closed = true;
    while (this.#jobs.length > 0) this.#flush();
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      this.#flush();
      if (this.#jobs.length > 0) this.#schedule();
    });
  }

  #flush(): void {
    const jobs = this.#jobs.splice(0, MAX_JOBS);
    if (jobs.length === 0) return;
    let outcomes: readonly Outcome[];
    try {
      outcomes = this.#write(jobs);
    } catch (error) {
      for (const job of jobs) job.reject(error);
      return;
    }
    outcomes.forEach((outcome, i) => {
      const job = jobs[i];
      if (job === undefined) return;
      const settled = outcome.ok
        ? attempt(() => {
            job.after(outcome.result);
            return outcome.result;
          })
        : outcome;
      if (settled.ok) job.resolve(settled.result);
      else job.reject(settled.error);
    });
  }

  /** Failures are rare, so the first pass is without savepoints and a failure costs a second pass. */
  #write(jobs: readonly Job[]): readonly Outcome[] {
    const transaction = this.#transaction;
    transaction.begin();
    try {
      const outcomes: Outcome[] = [];
      for (const job of jobs) {
        const outcome = attempt(job.work);
        outcomes.push(outcome);
        if (!outcome.ok) {
          transaction.rollback();
          return this.#writeGuarded(jobs, outcome);
        }
      }
      transaction.commit();
      return outcomes;
    } catch (error) {
      transaction.rollback();
      throw error;
    }
  }

  #writeGuarded(jobs: readonly Job[], failure: Outcome): readonly Outcome[] {
    if (jobs.length === 1) return [failure];
    const transaction = this.#transaction;
    transaction.begin();
    const outcomes = jobs.map((job) => attempt(() => transaction.nested(job.work)));
    transaction.commit();
    return outcomes;
  }
}
