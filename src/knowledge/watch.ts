import { watch } from 'chokidar';
import type { FileFault } from '../errors.ts';
import { Defect, FileError, messageOf } from '../errors.ts';
import type { Logger } from '../log.ts';
import type { Clock } from '../store/store.ts';
import { FaultCollector } from './faults.ts';
import type { Source } from './faults.ts';
import { isPassedOver, KnowledgeFiles } from './files.ts';
import type { Sources } from './files.ts';
import { knowledgeOf } from './load.ts';
import type { Snapshot } from './load.ts';
import type { Knowledge } from './types.ts';

/** Editors write in several steps; a reload waits until nothing has happened for so long. */
const QUIET_MS = 150;

/** How to watch a knowledge folder. */
export interface WatchOptions {
  readonly dir: string;
  readonly clock: Clock;
  readonly logger: Logger;
  /** What else a version must hold to be served, as faults; asked before it is. */
  readonly fits?: (knowledge: Knowledge) => readonly FileFault[];
  /** Called after a new version is served. What it throws is logged. */
  readonly onChange?: (knowledge: Knowledge) => void;
  /**
   * Looks at the files every so many milliseconds instead of waiting for the system to tell.
   * Needed on network folders and some containers' mounts; default: wait.
   */
  readonly intervalMs?: number;
  /** Default true. Otherwise changes are served after {@link WatchedKnowledge.reload} alone. */
  readonly watch?: boolean;
}

/** A knowledge folder that is kept up to date. */
export interface WatchedKnowledge {
  /** The version that is served now. Hold it for a whole turn: it never changes by itself. */
  current(): Knowledge;
  /** Why the files as they are now are not served; empty where they are. */
  faults(): readonly FileFault[];
  /** Reads the files now; files with faults are logged and leave the version as it is. */
  reload(): Promise<Knowledge>;
  /**
   * Edits one file, keeps its comments, and serves the new version.
   * @param file path as in `Entry.file`
   * @throws FileError where the edit would make a fault; the file is not touched then
   */
  update(file: string, mutate: (value: unknown) => void): Promise<Knowledge>;
  stop(): Promise<void>;
}

class Watch implements WatchedKnowledge {
  readonly #options: WatchOptions;
  readonly #files: KnowledgeFiles;
  readonly #watcher: ReturnType<typeof watch> | undefined;
  #current: Snapshot | undefined;
  #sources: Sources | undefined;
  #faults: readonly FileFault[] = [];
  #timer: NodeJS.Timeout | undefined;
  #busy: Promise<unknown> = Promise.resolve();
  #stopped = false;

  constructor(options: WatchOptions) {
    this.#options = options;
    this.#files = new KnowledgeFiles(options.dir);
    if (options.watch ?? true) this.#watcher = this.#watch();
  }

  current(): Knowledge {
    if (this.#current === undefined) throw new Defect('Knowledge was asked for before it was read');
    return this.#current;
  }

  faults(): readonly FileFault[] {
    return this.#faults;
  }

  async reload(): Promise<Knowledge> {
    const run = this.#busy.then(async () => this.#read());
    this.#busy = run.catch(() => undefined);
    try {
      return await run;
    } catch (error) {
      if (!(error instanceof FileError) || this.#current === undefined) throw error;
      return this.#current;
    }
  }

  async update(file: string, mutate: (value: unknown) => void): Promise<Knowledge> {
    await this.#files.update(file, mutate, (source) => this.#check(source));
    return this.reload();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#watcher?.close();
    await this.#busy;
  }

  #watch(): ReturnType<typeof watch> {
    const { dir, intervalMs: interval, logger } = this.#options;
    const watcher = watch(dir, {
      ignoreInitial: true,
      depth: 2,
      ignored: (path) => path !== dir && isPassedOver(path),
      ...(interval === undefined ? {} : { usePolling: true, interval }),
    });
    watcher.on('all', () => this.#soon());
    // What happened between the first reading and now was seen by nobody.
    watcher.on('ready', () => this.#soon());
    watcher.on('error', (error) => logger.error({ err: error }, 'knowledge can not be watched'));
    return watcher;
  }

  #soon(): void {
    if (this.#stopped) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.reload().catch((error: unknown) =>
        this.#options.logger.error({ err: error }, 'knowledge reload failed'),
      );
    }, QUIET_MS);
    this.#timer.unref();
  }

  async #read(): Promise<Knowledge> {
    const { clock, logger, onChange } = this.#options;
    const faults = new FaultCollector();
    const sources = await this.#files.read(faults);
    const before = this.#current;
    if (before?.version === sources.version && faults.faults.length === 0) {
      this.#faults = [];
      return before;
    }
    let next: Snapshot;
    try {
      next = knowledgeOf(sources, clock, faults);
      const unfit = this.#options.fits?.(next) ?? [];
      if (unfit.length > 0) throw new FileError(unfit);
    } catch (error) {
      if (error instanceof FileError) {
        this.#faults = error.faults;
        if (before !== undefined) {
          logger.error(
            { faults: error.faults },
            'knowledge has faults; the version before is served',
          );
        }
      }
      throw error;
    }
    this.#faults = [];
    next.open(before);
    this.#sources = sources;
    this.#current = next;
    if (before === undefined) return next;
    logger.info({ version: next.version, entries: next.entries.size }, 'knowledge reloaded');
    try {
      onChange?.(next);
    } catch (error) {
      logger.error({ fault: messageOf(error) }, 'a listener for new knowledge failed');
    }
    return next;
  }

  /** Would the knowledge hold with this file in the place of the one before? */
  #check(edited: Source): void {
    const before = this.#sources;
    if (before === undefined) return;
    const put = (source: Source) => (source.file === edited.file ? edited : source);
    const { commands, wording, lexicon } = before;
    knowledgeOf(
      {
        faq: before.faq.map(put),
        dialogs: new Map([...before.dialogs].map(([id, source]) => [id, put(source)])),
        ...(commands === undefined ? {} : { commands: put(commands) }),
        ...(wording === undefined ? {} : { wording: put(wording) }),
        ...(lexicon === undefined ? {} : { lexicon: put(lexicon) }),
        version: before.version,
      },
      this.#options.clock,
      new FaultCollector(),
    );
  }
}

/**
 * Reads a knowledge folder and keeps it up to date: a change on disk is served within 2 seconds.
 * A file with a fault is reported and the version before goes on serving.
 * @throws FileError where the folder has faults at the start
 */
export async function watchKnowledge(options: WatchOptions): Promise<WatchedKnowledge> {
  const watching = new Watch(options);
  try {
    await watching.reload();
  } catch (error) {
    await watching.stop();
    throw error;
  }
  return watching;
}
