import { NullTelemetryClient, type StatePropertyAccessor, type TurnContext } from 'botbuilder-core';
import type { ComponentDialog, Dialog, DialogInstance, DialogState } from 'botbuilder-dialogs';
import { DialogSet } from 'botbuilder-dialogs/lib/dialogSet.js';
import { BOX, type DialogBox } from './box.ts';
import { SlotDialog, type BeginOptions } from './compile.ts';
import type { AnyDialog, LooseSpec } from './define.ts';
import type { Frame } from './frame.ts';

/** A dialog as `dialogs/` brings it: a typed literal, or a Bot Framework dialog dropped in. */
export type AuthoredDialog = AnyDialog | DroppedDialog;

/** Any existing `ComponentDialog` with the intents that start it. */
export interface DroppedDialog {
  readonly kind: 'dropped';
  readonly id: string;
  readonly intents: readonly string[];
  readonly dialog: ComponentDialog;
}

/**
 * Takes an existing Bot Framework dialog as it is. Cancel, help, a person, questions in the middle and
 * switching work for it as for any other; its steps and prompts stay its own. The dialog's id must be
 * the file's name, and `knowledge/dialogs/<id>.yaml` needs `name` and `utterances` only.
 */
export function dropIn(dialog: ComponentDialog, intents: readonly string[]): DroppedDialog {
  return { kind: 'dropped', id: dialog.id, intents, dialog };
}

/** Id of an authored dialog. */
export function idOf(dialog: AuthoredDialog): string {
  return dialog.kind === 'slots' ? dialog.spec.id : dialog.id;
}

/** Intents of an authored dialog. */
export function intentsOf(dialog: AuthoredDialog): readonly string[] {
  return dialog.kind === 'slots' ? dialog.spec.intents : dialog.intents;
}

/** What to do with the stack of dialogs in this turn. */
export type Action =
  | { readonly kind: 'begin'; readonly dialog: string; readonly options: BeginOptions }
  | { readonly kind: 'continue' }
  /** Ask the open question again, in the words of coming back to it. */
  | { readonly kind: 'reprompt' }
  /** End the active dialog without a word; a paused one below is offered. */
  | { readonly kind: 'cancel' };

/** A conversation's stack of dialogs, the active one last. Plain JSON. */
export type Stack = DialogInstance[];

/** The active dialog: its literal where it has one, and where it stands. */
export interface ActiveDialog {
  readonly id: string;
  readonly spec?: LooseSpec;
  readonly frame?: Frame;
}

const MEMORY = 'DialogStateManagerConfiguration';

/** All dialogs of one process, ready to run. */
export class DialogRunner {
  readonly #dialogs = new Map<string, Dialog>();
  readonly #set: DialogSet;
  readonly #state = new WeakMap<TurnContext, DialogState>();
  /** Bot Framework's memory scopes hold no state of a turn: made once, not with every turn. */
  #memory: unknown;

  constructor(dialogs: Iterable<AuthoredDialog>) {
    const accessor: StatePropertyAccessor<DialogState> = {
      get: (context: TurnContext) => Promise.resolve(this.#stateOf(context)),
      set: () => Promise.resolve(),
      delete: () => Promise.resolve(),
    };
    this.#set = new DialogSet(accessor);
    this.#set.telemetryClient = new NullTelemetryClient();
    for (const authored of dialogs) {
      const dialog = authored.kind === 'slots' ? new SlotDialog(authored) : authored.dialog;
      this.#dialogs.set(dialog.id, dialog);
      this.#set.add(dialog);
    }
  }

  has(id: string): boolean {
    return this.#dialogs.has(id);
  }

  /** The literal of a dialog, where it was written as one. */
  specOf(id: string): LooseSpec | undefined {
    const dialog = this.#dialogs.get(id);
    return dialog instanceof SlotDialog ? dialog.spec : undefined;
  }

  /** The dialog that would get the next message. Dialogs that no longer exist are passed over. */
  active(stack: readonly DialogInstance[]): ActiveDialog | undefined {
    const top = stack.findLast((d) => this.#dialogs.has(d.id));
    if (top === undefined) return undefined;
    const dialog = this.#dialogs.get(top.id);
    const { frame } = (top.state ?? {}) as { frame?: Frame };
    return {
      id: top.id,
      ...(dialog instanceof SlotDialog ? { spec: dialog.spec } : {}),
      ...(frame === undefined ? {} : { frame }),
    };
  }

  /**
   * Runs one action on a copy of the stack; what the dialogs say is buffered in `context`.
   * How the last dialog to end ended is in `box.outcome`.
   */
  async run(context: TurnContext, stack: Stack, box: DialogBox, action: Action): Promise<Stack> {
    const state: DialogState = { dialogStack: stack.filter((d) => this.#dialogs.has(d.id)) };
    this.#state.set(context, state);
    context.turnState.set(BOX, box);
    if (this.#memory !== undefined) context.turnState.set(MEMORY, this.#memory);
    const dc = await this.#set.createContext(context);
    this.#memory ??= context.turnState.get(MEMORY);
    switch (action.kind) {
      case 'begin':
        await dc.beginDialog(action.dialog, action.options);
        break;
      case 'continue':
        await dc.continueDialog();
        break;
      case 'reprompt':
        await dc.repromptDialog();
        break;
      case 'cancel':
        await dc.endDialog();
        break;
    }
    return state.dialogStack;
  }

  #stateOf(context: TurnContext): DialogState {
    return this.#state.get(context) ?? { dialogStack: [] };
  }
}
