import type { Capabilities, ChannelDefinition } from '../channel/channel.ts';
import type { Connectors, DialogWording } from '../dialog/ports.ts';
import type { DialogRunner } from '../dialog/run.ts';
import type { Knowledge } from '../knowledge/types.ts';
import type { Logger } from '../log.ts';
import type { Lang, ScoredIntent } from '../message.ts';
import type { Clock, Store, Unit } from '../store/store.ts';

/** Everything a turn works with, passed in once at the start. */
export interface Parts {
  readonly store: Store;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly dialogs: DialogRunner;
  /** Dialog that an intent starts. */
  readonly dialogOf: ReadonlyMap<string, string>;
  /** The knowledge that serves now; one turn asks once and keeps what it got. */
  knowledge(): Knowledge;
  wordingOf(knowledge: Knowledge, dialog: string): DialogWording;
  /** Intents of a text, best first, confidence 0 to 1. */
  recognize(text: string, lang: Lang): readonly ScoredIntent[];
  /**
   * Where intents that {@link recognize} gave are unsure: how to look again with a sentence encoder,
   * which gives `undefined` where it is late. Absent where there is no encoder.
   */
  readonly lookAgain?: (
    text: string,
    lang: Lang,
    ranked: readonly ScoredIntent[],
  ) => (() => Promise<readonly ScoredIntent[] | undefined>) | undefined;
  /** The connectors for a turn; `key` makes its calls idempotent. */
  connectors(key: string): Connectors;
  readonly channels: ReadonlyMap<
    string,
    Pick<ChannelDefinition, 'name' | 'render'> & { capabilities: Capabilities }
  >;
  /** Whether a person can take a conversation now. */
  onDuty(now: number): boolean;
  readonly metrics: TurnMetrics;
  /** Called when a message's turn is committed, or the message set aside. */
  ended(conversation: string, inbound: string, unit: Unit): void;
}

/** What the turn pipeline counts. */
export interface TurnMetrics {
  turn(outcome: string, ms: number): void;
  dead(): void;
}
