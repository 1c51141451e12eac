/** The authoring API: one typed literal a dialog. Manual with examples: `dialogs/README.md`. */
import type { Lang } from '../message.ts';
import type { Outcome, Verdict } from './outcome.ts';
import type { Connectors, TicketDesk } from './ports.ts';
import type { Slot } from './slots/slot.ts';

/** The value a slot holds once it is filled. */
export type ValueOf<S> = S extends { show(value: infer T, ...rest: never[]): string } ? T : never;

/** Values that may not be known yet. */
export type PartialValues<S> = { readonly [K in keyof S]?: ValueOf<S[K]> };

/** Values when the dialog is complete; a slot with a `when` may have been left out. */
export type FinalValues<S, W extends PropertyKey> = {
  readonly [K in keyof S]: K extends W ? ValueOf<S[K]> | undefined : ValueOf<S[K]>;
};

/** What every function of a dialog is given. */
export interface DialogTurn {
  readonly lang: Lang;
  /** Milliseconds since 1970. Use it and never `Date.now()`: tests hold the clock. */
  readonly now: number;
  readonly connectors: Connectors;
  readonly tickets: TicketDesk;
  /**
   * Says a wording of the dialog's own file (`say.<key>`), or of `knowledge/wording.yaml` by its full
   * key. `{slot}` placeholders show the slots' values; `vars` gives others. It is buffered and goes out when the turn is committed.
   */
  readonly say: (key: string, vars?: Readonly<Record<string, string | number>>) => Promise<void>;
}

/** Given to `check` after a slot got a value and before the next one is asked. */
export interface CheckTurn<S, V> extends DialogTurn {
  readonly value: V;
  readonly values: PartialValues<S>;
}

/** A step of a flow that is not slot-shaped: a slot's name asks it, a function does the rest. */
export type Step<S> =
  | (keyof S & string)
  | {
      /** Names the step in stored state, so that a changed file goes on with running conversations. */
      readonly name: string;
      /** Return nothing to go on; `back('slot')` to ask that slot again; an outcome to end. */
      readonly run: (
        turn: DialogTurn & { readonly values: PartialValues<S> },
      ) => Promise<Outcome | Back<S> | undefined>;
    };

/** Asks a slot again, from a step. */
export interface Back<S> {
  readonly kind: 'back';
  readonly slot: keyof S & string;
}

/** What an author writes. Wording and utterances are in `knowledge/dialogs/<id>.yaml`. */
export interface DialogSpec<S extends Record<string, unknown>, W extends PropertyKey> {
  /** The file's basename. */
  readonly id: string;
  /** Intents that start it. The utterances of its knowledge file train the first one. */
  readonly intents: readonly string[];
  readonly slots: S;
  /** A slot is only asked while its condition holds. Slots it reads count as what it depends on. */
  readonly when?: Readonly<Partial<Record<W, (values: PartialValues<S>) => boolean>>>;
  /** Slots that must be asked again when one of the named ones is corrected. */
  readonly dependsOn?: { readonly [K in keyof S]?: readonly (keyof S & string)[] };
  /** Checks a value against the world: `retry(key)` asks again, `stop(key)` ends the dialog. */
  readonly check?: {
    readonly [K in keyof S]?: (
      turn: CheckTurn<S, ValueOf<S[K]>>,
    ) => Verdict | undefined | Promise<Verdict | undefined>;
  };
  /** More values for the placeholders of the questions, beside the slots' own. */
  readonly vars?: (
    turn: DialogTurn & { readonly values: PartialValues<S> },
  ) => Promise<Readonly<Record<string, string>>>;
  /** How many failed answers to one slot bring the offer of a person. Default 3. */
  readonly patience?: number;
  /**
   * It only looks things up. Such a dialog may run on an order or ticket carried from an earlier
   * message without asking anything; any other is then given a carried value only where it still asks
   * something else. Default false.
   */
  readonly readOnly?: boolean;
  /**
   * The text slot that the sentence which starts the dialog fills, where that sentence tells more than
   * the wish itself ("快递员把包裹扔在门口，我要投诉").
   */
  readonly opening?: keyof S & string;
  /** The order of asking and acting where the order of the slots is not enough. */
  readonly steps?: readonly Step<S>[];
  /** Runs once, when everything that applies is known. */
  readonly complete: (
    turn: DialogTurn & { readonly values: FinalValues<S, W> },
  ) => Outcome | Promise<Outcome>;
}

/** A dialog whose types are no longer of interest. */
export interface AnyDialog {
  readonly kind: 'slots';
  readonly spec: LooseSpec;
}

/** {@link DialogSpec} as the engine walks it. */
export interface LooseSpec {
  readonly id: string;
  readonly intents: readonly string[];
  readonly slots: Readonly<Record<string, Slot<unknown>>>;
  readonly when?: Readonly<Record<string, ((values: LooseValues) => boolean) | undefined>>;
  readonly dependsOn?: Readonly<Record<string, readonly string[] | undefined>>;
  readonly check?: Readonly<
    Record<
      string,
      | ((
          turn: DialogTurn & { readonly value: unknown; readonly values: LooseValues },
        ) => Verdict | undefined | Promise<Verdict | undefined>)
      | undefined
    >
  >;
  readonly vars?: (
    turn: DialogTurn & { readonly values: LooseValues },
  ) => Promise<Readonly<Record<string, string>>>;
  readonly patience?: number;
  readonly readOnly?: boolean;
  readonly opening?: string;
  readonly steps?: readonly LooseStep[];
  readonly complete: (
    turn: DialogTurn & { readonly values: LooseValues },
  ) => Outcome | Promise<Outcome>;
}

/** {@link Step} as the engine walks it. */
export type LooseStep =
  | string
  | {
      readonly name: string;
      readonly run: (
        turn: DialogTurn & { readonly values: LooseValues },
      ) => Promise<Outcome | { readonly kind: 'back'; readonly slot: string } | undefined>;
    };

export type LooseValues = Readonly<Record<string, unknown>>;

/**
 * Types a dialog: slot names and choice values are inferred, and a misspelt one does not compile.
 * It is the default export of `dialogs/<id>.ts`.
 */
export function defineDialog<
  const S extends Record<string, Slot<unknown>>,
  W extends keyof S & string = never,
>(spec: DialogSpec<S, W>): AnyDialog {
  return { kind: 'slots', spec: spec as unknown as LooseSpec };
}

/** From a step: asks `slot` again. */
export function back<K extends string>(slot: K): { readonly kind: 'back'; readonly slot: K } {
  return { kind: 'back', slot };
}
