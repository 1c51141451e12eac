import { Defect } from '../../src/errors.ts';
import { scriptOf, type Workload } from './workloads.ts';

/** One of the two bots that are compared. */
export interface Side {
  /** Sends a customer's message and answers the bot's first reply to it. */
  say(workload: Workload, conversation: string, text: string): Promise<string>;
  close(): Promise<void>;
}

/** A piece of work to measure. */
export interface Piece {
  readonly workload: Workload;
  /** Conversations side by side; each waits for its answer before it goes on. */
  readonly conversations: number;
  /** Turns of all conversations together, rounded up to whole scripts. */
  readonly turns: number;
}

/** What a piece cost, for one turn. */
export interface Cost {
  readonly turns: number;
  readonly cpuUs: number;
  readonly wallUs: number;
}

/** Runs one piece on a side. @throws Defect where an answer is not the one it should be */
export async function runPiece(side: Side, piece: Piece): Promise<Cost> {
  const { workload, conversations, turns } = piece;
  const length = scriptOf(workload, 0).length;
  const times = Math.ceil(turns / conversations / length);
  globalThis.gc?.();
  const cpu = process.cpuUsage();
  const begun = performance.now();
  const talks = Array.from({ length: conversations }, (_, i) => talk(side, piece, i, times));
  await Promise.all(talks);
  const wall = performance.now() - begun;
  const { user, system } = process.cpuUsage(cpu);
  const done = times * length * conversations;
  return { turns: done, cpuUs: (user + system) / done, wallUs: (wall * 1000) / done };
}

async function talk(side: Side, piece: Piece, number: number, times: number): Promise<void> {
  const { workload, conversations } = piece;
  const conversation = `${workload}-${conversations}-${number}`;
  for (let time = 0; time < times; time += 1) {
    for (const { text, answer } of scriptOf(workload, number)) {
      const reply = await side.say(workload, conversation, text);
      if (!answer.test(reply)) {
        throw new Defect(
          `${conversation}: "${text}" was answered "${reply}", not ${answer.source}`,
        );
      }
    }
  }
}
