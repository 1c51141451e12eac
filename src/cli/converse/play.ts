/** Plays one conversation through the real pipeline and says what did not come as expected. */
import type { Expectation, Script, Turn } from './format.ts';
import type { Pattern } from './pattern.ts';
import { YingdaError } from '../../errors.ts';
import type { Choice, Content } from '../../message.ts';

/** One bubble that the customer's device shows. */
export interface Shown {
  readonly text: string;
  /** Several replies may have become this one bubble, each on lines of its own. */
  readonly merged?: boolean;
  readonly choices?: readonly Choice[];
}

/** A conversation in progress, as the player sees it. */
export interface Stage {
  /**
   * Sends one message and resolves when its turn has ended, with what the customer's device shows.
   * @throws YingdaError `turn-failed`
   */
  send(content: Content): Promise<readonly Shown[]>;
  /** Moves the clock. */
  wait(ms: number): void;
  state(): Promise<{
    readonly dialog: string | null;
    readonly slots: Readonly<Record<string, string>>;
    readonly tickets: number;
    readonly handoff: boolean;
  }>;
}

/** The first thing that was not as expected. */
export interface Mismatch {
  readonly line: number;
  readonly expected: string;
  readonly got: string;
}

/** Plays it to its end, or to the first mismatch. */
export async function play(script: Script, stage: Stage): Promise<Mismatch | undefined> {
  const joined = await sendOrFail(stage, { kind: 'event', name: 'join' });
  if (typeof joined === 'string') return { line: 1, expected: 'to join', got: joined };
  let bubbles = joined;
  let choices: readonly Choice[] = offeredBy(joined) ?? [];
  for (const turn of script.turns) {
    const content = contentOf(turn, choices);
    if (content === 'no-choice') {
      return {
        line: turn.line,
        expected: `a choice "${turn.kind === 'choose' ? turn.title : ''}"`,
        got: choices.length === 0 ? 'no choices' : choices.map((c) => c.title).join(' | '),
      };
    }
    if (content !== undefined) {
      const shown = await sendOrFail(stage, content);
      if (typeof shown === 'string') {
        return { line: turn.line, expected: 'a turn that ends well', got: shown };
      }
      bubbles = content.kind === 'agent' ? [...bubbles, ...shown] : shown;
      choices = offeredBy(shown) ?? choices;
      continue;
    }
    if (turn.kind === 'wait') {
      stage.wait(turn.ms);
      continue;
    }
    const mismatch = await compare(turn, bubbles, stage);
    if (mismatch !== undefined) return mismatch;
  }
  return undefined;
}

function offeredBy(bubbles: readonly Shown[]): readonly Choice[] | undefined {
  return bubbles.findLast((b) => b.choices !== undefined)?.choices;
}

/** The bubbles, or why the turn failed. */
async function sendOrFail(stage: Stage, content: Content): Promise<readonly Shown[] | string> {
  try {
    return await stage.send(content);
  } catch (error) {
    if (error instanceof YingdaError && error.code === 'turn-failed') return error.message;
    throw error;
  }
}

function contentOf(turn: Turn, choices: readonly Choice[]): Content | 'no-choice' | undefined {
  switch (turn.kind) {
    case 'user':
      return { kind: 'text', text: turn.text };
    case 'image': {
      const contentType = turn.image.endsWith('.png') ? 'image/png' : 'image/jpeg';
      const attachment = { kind: 'image', name: turn.image, contentType, url: turn.image } as const;
      return { kind: 'attachment', attachments: [attachment], text: turn.text };
    }
    case 'choose': {
      const chosen = choices.find((c) => c.title === turn.title || c.value === turn.title);
      return chosen === undefined
        ? 'no-choice'
        : { kind: 'choice', value: chosen.value, text: chosen.title };
    }
    case 'event':
      return { kind: 'event', name: turn.name };
    case 'agent':
      return { kind: 'agent', action: 'message', agent: 'agent-1', text: turn.text };
    case 'agent-close':
      return { kind: 'agent', action: 'close', agent: 'agent-1', text: '' };
    default:
      return undefined;
  }
}

async function compare(
  turn: Turn,
  bubbles: readonly Shown[],
  stage: Stage,
): Promise<Mismatch | undefined> {
  const texts = bubbles.map((b) => b.text);
  const got = texts.length === 0 ? '(nothing)' : texts.join(' ⏎ ');
  if (turn.kind === 'bot') {
    const missing = turn.patterns.find((p) => !bubbles.some((b) => shows(b, p)));
    return missing === undefined
      ? undefined
      : { line: turn.line, expected: `bot: ${missing.source}`, got };
  }
  if (turn.kind === 'not') {
    const broken = turn.patterns.find((p) => bubbles.some((b) => shows(b, p)));
    return broken === undefined
      ? undefined
      : { line: turn.line, expected: `not: ${broken.source}`, got };
  }
  if (turn.kind !== 'expect') return undefined;
  const state = await stage.state();
  return compareState(turn.line, turn.expect, { ...state, bubbles: bubbles.length });
}

/** An exact text may also be one of several that were merged. */
function shows(bubble: Shown, pattern: Pattern): boolean {
  if (pattern.matches(bubble.text)) return true;
  return (
    pattern.exact &&
    bubble.merged === true &&
    `\n${bubble.text}\n`.includes(`\n${pattern.source.trim()}\n`)
  );
}

function compareState(
  line: number,
  expect: Expectation,
  state: Awaited<ReturnType<Stage['state']>> & { bubbles: number },
): Mismatch | undefined {
  for (const key of ['dialog', 'tickets', 'handoff', 'bubbles'] as const) {
    const wanted = expect[key];
    if (wanted !== undefined && wanted !== state[key]) {
      return { line, expected: `${key}: ${String(wanted)}`, got: `${key}: ${String(state[key])}` };
    }
  }
  for (const [slot, wanted] of Object.entries(expect.slots ?? {})) {
    const got = state.slots[slot];
    if (got !== wanted) {
      return {
        line,
        expected: `slots.${slot}: ${wanted}`,
        got: `slots.${slot}: ${got ?? '(unset)'}`,
      };
    }
  }
  return undefined;
}
