import { fork, type Serializable } from 'node:child_process';
import { once } from 'node:events';
import { Defect } from '../src/errors.ts';

/** A load generator in a process of its own. */
export interface Generator {
  send(message: Serializable): void;
  /** Its next message. @throws Defect when it ends instead */
  next(): Promise<unknown>;
  kill(): void;
}

/** Starts a module as a load generator. */
export function startGenerator(file: string): Generator {
  const child = fork(file, [], { execArgv: ['--import=tsx'] });
  return {
    send: (message) => void child.send(message),
    async next() {
      const ended = once(child, 'exit').then(() => {
        throw new Defect('the load generator ended early');
      });
      const [message] = (await Promise.race([once(child, 'message'), ended])) as unknown[];
      return message;
    },
    kill: () => void child.kill(),
  };
}
