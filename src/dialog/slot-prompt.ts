import type { DialogContext, DialogInstance, DialogTurnResult } from 'botbuilder-dialogs';
import { Dialog } from 'botbuilder-dialogs/lib/dialog.js';
import type { TurnContext } from 'botbuilder-core';

/** What a prompt needs of the dialog it belongs to. */
export interface PromptOwner {
  /** Asks the slot. */
  ask(context: TurnContext, slot: string): Promise<void>;
  /** The slot's value, once it was taken; `undefined` while it is waited for. */
  taken(context: TurnContext, slot: string): unknown;
}

/** The Bot Framework prompt of one slot. The dialog has read the answer before the prompt goes on. */
export class SlotPrompt extends Dialog {
  readonly #owner: PromptOwner;

  constructor(slot: string, owner: PromptOwner) {
    super(slot);
    this.#owner = owner;
  }

  override async beginDialog(dc: DialogContext): Promise<DialogTurnResult> {
    await this.#owner.ask(dc.context, this.id);
    return Dialog.EndOfTurn;
  }

  override async continueDialog(dc: DialogContext): Promise<DialogTurnResult> {
    const value = this.#owner.taken(dc.context, this.id);
    return value === undefined ? Dialog.EndOfTurn : dc.endDialog(value);
  }

  override async repromptDialog(context: TurnContext, _instance: DialogInstance): Promise<void> {
    await this.#owner.ask(context, this.id);
  }
}
