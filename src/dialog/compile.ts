import { ActivityTypes, type Activity, type TurnContext } from 'botbuilder-core';
import type {
  DialogContext,
  DialogInstance,
  DialogReason,
  DialogTurnResult,
} from 'botbuilder-dialogs';
// The package's index also loads its recognizers (0.4 s, 40 MB), which no dialog here uses.
import { ComponentDialog } from 'botbuilder-dialogs/lib/componentDialog.js';
import { Dialog, DialogTurnStatus } from 'botbuilder-dialogs/lib/dialog.js';
import { WaterfallDialog } from 'botbuilder-dialogs/lib/waterfallDialog.js';
import { Defect } from '../errors.ts';
import { BOX, saidOf, type DialogBox } from './box.ts';
import type { AnyDialog, LooseSpec } from './define.ts';
import { isStale, migrate, newFrame, stepsOf, type Frame } from './frame.ts';
import { correction, directAnswer, looseAnswer, silentCorrection, type Move } from './interpret.ts';
import type { Waiting } from './read-slot.ts';
import { applyMove, complete, guarded, visit, type Next } from './moves.ts';
import { SlotPrompt, type PromptOwner } from './slot-prompt.ts';
import { ask, nameOf, turnFor, type Send, type Speaker } from './speak.ts';

/** What a dialog may be begun with. */
export interface BeginOptions {
  readonly values?: Frame['values'];
  /** Phones that name an order, by slot. */
  readonly phones?: Readonly<Record<string, string>>;
}

const STEPS = 'steps';

/**
 * An {@link AnyDialog} as an ordinary Bot Framework dialog: a `ComponentDialog` around one
 * `WaterfallDialog` and a prompt for each slot. Drive it with `DialogTestClient` like any other.
 * @param fallback lends wording, connectors and the clock where the turn brings none (in tests)
 */
export class SlotDialog extends ComponentDialog implements PromptOwner {
  readonly spec: LooseSpec;
  readonly #fallback: (() => DialogBox) | undefined;
  readonly #frames = new WeakMap<TurnContext, Frame>();

  constructor(dialog: AnyDialog, fallback?: () => DialogBox) {
    super(dialog.spec.id);
    this.spec = dialog.spec;
    this.#fallback = fallback;
    this.addDialog(
      new WaterfallDialog(STEPS, [
        ...stepsOf(this.spec).map(
          (definition) => (step: DialogContext) => this.#walk(step, (s) => visit(s, definition)),
        ),
        (step: DialogContext) => this.#walk(step, complete),
      ]),
    );
    for (const slot of Object.keys(this.spec.slots)) this.addDialog(new SlotPrompt(slot, this));
  }

  override async beginDialog(
    outer: DialogContext,
    options?: BeginOptions,
  ): Promise<DialogTurnResult> {
    const frame = newFrame(this.spec, options?.values ?? {});
    if (options?.phones !== undefined) frame.phones = { ...options.phones };
    stateOf(outer.activeDialog).frame = frame;
    this.#frames.set(outer.context, frame);
    return super.beginDialog(outer);
  }

  override async continueDialog(outer: DialogContext): Promise<DialogTurnResult> {
    if (outer.context.activity.type !== (ActivityTypes.Message as string)) return Dialog.EndOfTurn;
    this.#frames.set(outer.context, this.#frameOf(outer.activeDialog));
    return super.continueDialog(outer);
  }

  /** Changed files are told by the names of steps ({@link isStale}), not by Bot Framework's count of them. */
  protected override getInternalVersion(): string {
    return this.id;
  }

  /** A dialog on top has ended: this one is offered again. */
  override async resumeDialog(
    outer: DialogContext,
    _reason: DialogReason,
    _result?: unknown,
  ): Promise<DialogTurnResult> {
    const frame = this.#frameOf(outer.activeDialog);
    this.#frames.set(outer.context, frame);
    const { box, send } = this.#speaker(outer.context);
    if (box.quiet === true) return Dialog.EndOfTurn;
    frame.offering = 'resume';
    const text = (key: string): string =>
      box.wording.text(key, box.lang, { name: nameOf(box, this.id) });
    await send(text('resume.offer'), 'resume.offer', [
      { value: 'yes', title: text('yes') },
      { value: 'no', title: text('no') },
    ]);
    return Dialog.EndOfTurn;
  }

  /** Asks the open question again, after something else was answered. */
  override async repromptDialog(context: TurnContext, instance: DialogInstance): Promise<void> {
    const frame = this.#frameOf(instance);
    this.#frames.set(context, frame);
    const speaker = this.#speaker(context);
    delete frame.offering;
    if (frame.slot === undefined) return;
    await ask(speaker, frame.slot, {
      key: 'resume.ask',
      vars: { name: nameOf(speaker.box, this.id) },
    });
  }

  protected override async onContinueDialog(inner: DialogContext): Promise<DialogTurnResult> {
    const speaker = this.#speaker(inner.context);
    const { frame } = speaker.waiting;
    if (isStale(this.spec, frame)) {
      inner.stack.length = 0;
      if (!migrate(this.spec, frame)) {
        await this.#sayRestarted(speaker);
        return inner.beginDialog(STEPS);
      }
    }
    const move = speaker.box.move ?? this.#read(speaker, inner.context.activity);
    delete frame.offering;
    const next = await guarded(speaker, () => applyMove(speaker, move));
    return this.#go(inner, speaker, next);
  }

  async ask(context: TurnContext, slot: string): Promise<void> {
    await ask(this.#speaker(context), slot);
  }

  taken(context: TurnContext, slot: string): unknown {
    return this.#speaker(context).waiting.frame.values[slot];
  }

  /** Reads the message by itself, where nothing outside has (a test client drives the dialog). */
  #read(speaker: Speaker, activity: Activity): Move {
    const { waiting, box } = speaker;
    const said = saidOf(activity, box.lang, box.now);
    return (
      directAnswer(waiting, said) ??
      correction(waiting, said) ??
      silentCorrection(waiting, said) ??
      looseAnswer(waiting, said)
    );
  }

  async #sayRestarted({ box, send }: Speaker): Promise<void> {
    const key = 'dialog.restarted';
    await send(box.wording.text(key, box.lang, { name: nameOf(box, this.id) }), key);
  }

  async #walk(
    step: DialogContext,
    act: (speaker: Speaker) => Promise<Next>,
  ): Promise<DialogTurnResult> {
    const speaker = this.#speaker(step.context);
    return this.#go(step, speaker, await guarded(speaker, () => act(speaker)));
  }

  /** Moves the Bot Framework stack to where the dialog goes. */
  async #go(dc: DialogContext, speaker: Speaker, next: Next): Promise<DialogTurnResult> {
    switch (next.kind) {
      case 'wait':
        return Dialog.EndOfTurn;
      case 'hold': {
        const index = stepsOf(this.spec).indexOf(next.slot);
        const state = { options: {}, values: { instanceId: this.id }, stepIndex: index };
        dc.stack.length = 0;
        dc.stack.push({ id: STEPS, state }, { id: next.slot, state: {} });
        return Dialog.EndOfTurn;
      }
      case 'ask':
        return dc.beginDialog(next.slot);
      case 'pass':
        if (isStep(dc)) return dc.next();
        if (dc.activeDialog?.id === speaker.waiting.frame.slot) return dc.continueDialog();
        return this.#go(dc, speaker, { kind: 'restart' });
      case 'restart':
        dc.stack.length = 0;
        return dc.beginDialog(STEPS);
      case 'end':
        speaker.box.outcome = next.outcome;
        if (next.outcome.kind !== 'done') speaker.box.quiet = true;
        dc.stack.length = 0;
        return { status: DialogTurnStatus.complete, result: next.outcome };
    }
  }

  #frameOf(instance: DialogInstance | undefined): Frame {
    const state = stateOf(instance);
    // A dialog of another make stood here before: nothing of it can be read, so it starts over.
    state.frame ??= { ...newFrame(this.spec, {}), steps: [] };
    return state.frame;
  }

  #speaker(context: TurnContext): Speaker {
    const frame = this.#frames.get(context);
    if (frame === undefined) throw new Defect(`dialog ${this.id} runs outside a turn`);
    const box = this.#box(context);
    const send: Send = async (text, key, choices = []) => {
      const actions = choices.map(({ title, value }) => ({ type: 'imBack', title, value }));
      await context.sendActivity({
        type: ActivityTypes.Message,
        text,
        channelData: { key },
        ...(actions.length === 0 ? {} : { suggestedActions: { to: [], actions } }),
      });
    };
    const waiting: Waiting = { spec: this.spec, frame, wording: box.dialogWording(this.id) };
    return { waiting, box, send, turn: turnFor(waiting, box, send) };
  }

  #box(context: TurnContext): DialogBox {
    const lent = context.turnState.get<DialogBox | undefined>(BOX) ?? this.#fallback?.();
    if (lent === undefined) throw new Defect(`dialog ${this.id} was lent nothing`);
    context.turnState.set(BOX, lent);
    return lent;
  }
}

function stateOf(instance: DialogInstance | undefined): { frame?: Frame } {
  if (instance === undefined) throw new Defect('no active dialog');
  instance.state ??= {};
  return instance.state as { frame?: Frame };
}

function isStep(dc: DialogContext): dc is DialogContext & { next(): Promise<DialogTurnResult> } {
  return 'next' in dc && typeof dc.next === 'function';
}
