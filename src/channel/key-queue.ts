/** Runs work behind what was given for the same key before, whether that went well or not. */
export type KeyQueue = <T>(key: string, work: () => Promise<T>) => Promise<T>;

/** Makes a queue. It holds a key only while work of it waits or runs. */
export function createKeyQueue(): KeyQueue {
  const last = new Map<string, Promise<unknown>>();
  return (key, work) => {
    const run = (last.get(key) ?? Promise.resolve()).then(work, work);
    last.set(key, run);
    const clear = (): void => {
      if (last.get(key) === run) last.delete(key);
    };
    run.then(clear, clear);
    return run;
  };
}
