/** Work that must keep its order within one key, and is bounded in every key and over all. */
export interface Lanes {
  /**
   * Runs a task behind those of the same key.
   * @returns undefined where too many wait already: the task is not run
   */
  run<T>(key: string, task: () => Promise<T>): Promise<T> | undefined;
  /** Resolves when nothing runs and nothing waits. */
  idle(): Promise<void>;
}

/**
 * Makes lanes.
 * @param perKey most tasks of one key, the running one included
 * @param total most tasks of all keys
 */
export function createLanes(perKey: number, total: number): Lanes {
  const lanes = new Map<string, { size: number; tail: Promise<unknown> }>();
  let all = 0;
  return {
    run: (key, task) => {
      const lane = lanes.get(key) ?? { size: 0, tail: Promise.resolve() };
      if (lane.size >= perKey || all >= total) return undefined;
      lanes.set(key, lane);
      lane.size += 1;
      all += 1;
      const done = lane.tail.then(task).finally(() => {
        all -= 1;
        lane.size -= 1;
        if (lane.size === 0) lanes.delete(key);
      });
      lane.tail = done.catch(() => undefined);
      return done;
    },
    idle: async () => {
      while (lanes.size > 0) await Promise.all([...lanes.values()].map((lane) => lane.tail));
    },
  };
}
