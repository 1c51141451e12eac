import {
  ActivityHandler,
  BotAdapter,
  ConversationState,
  MemoryStorage,
  TurnContext,
  UserState,
  type Activity,
  type ResourceResponse,
} from 'botbuilder';
import {
  ComponentDialog,
  DialogSet,
  DialogTurnStatus,
  TextPrompt,
  WaterfallDialog,
  type DialogTurnResult,
  type WaterfallStepContext,
} from 'botbuilder-dialogs';
import { Defect } from '../../src/errors.ts';
import type { Side } from './side.ts';
import { scriptOf, type Workload } from './workloads.ts';

/** Keeps what is sent; the cheapest adapter there can be, so that the bot itself is what is measured. */
class MemoryAdapter extends BotAdapter {
  readonly sent: string[] = [];

  override sendActivities(
    _context: TurnContext,
    activities: Partial<Activity>[],
  ): Promise<ResourceResponse[]> {
    for (const { text } of activities) this.sent.push(text ?? '');
    return Promise.resolve(activities.map((_, i) => ({ id: String(i) })));
  }

  async process(activity: Partial<Activity>, bot: ActivityHandler): Promise<string> {
    await this.runMiddleware(new TurnContext(this, activity), (context) => bot.run(context));
    return this.sent[0] ?? '';
  }

  override updateActivity(): Promise<never> {
    return Promise.reject(new Defect('not part of this bench'));
  }

  override deleteActivity(): Promise<never> {
    return Promise.reject(new Defect('not part of this bench'));
  }

  override continueConversation(): Promise<never> {
    return Promise.reject(new Defect('not part of this bench'));
  }

  override continueConversationAsync(): Promise<never> {
    return Promise.reject(new Defect('not part of this bench'));
  }
}

type Step = WaterfallStepContext;
const FIELDS = ['name', 'city', 'product', 'colour', 'note'] as const;

/** The sub dialog: one TextPrompt, a waterfall of five questions. */
class SurveyDialog extends ComponentDialog {
  constructor() {
    super('survey');
    this.addDialog(new TextPrompt('text'));
    this.addDialog(
      new WaterfallDialog('waterfall', [
        ...FIELDS.map((_, i) => (step: Step) => this.#ask(step, i)),
        (step: Step) => {
          this.#keep(step, FIELDS.length);
          return step.endDialog(step.options);
        },
      ]),
    );
    this.initialDialogId = 'waterfall';
  }

  #ask(step: Step, index: number): Promise<DialogTurnResult> {
    this.#keep(step, index);
    return step.prompt('text', `What is your ${FIELDS[index] ?? ''}?`);
  }

  #keep(step: Step, index: number): void {
    const field = FIELDS[index - 1];
    if (field !== undefined) (step.options as Record<string, unknown>)[field] = step.result;
  }
}

/** The main dialog of the official core-bot sample: asks, runs the sub dialog, confirms, starts over. */
class MainDialog extends ComponentDialog {
  constructor() {
    super('main');
    this.addDialog(new TextPrompt('text'))
      .addDialog(new SurveyDialog())
      .addDialog(
        new WaterfallDialog('mainWaterfall', [
          (step: Step) => step.prompt('text', 'What can I help you with today?'),
          (step: Step) => step.beginDialog('survey', {}),
          async (step: Step) => {
            const values = step.result as Readonly<Record<string, string>>;
            const text = `Registered: ${FIELDS.map((f) => values[f] ?? '').join('; ')}`;
            await step.context.sendActivity(text);
            return step.replaceDialog(this.initialDialogId);
          },
        ]),
      );
    this.initialDialogId = 'mainWaterfall';
  }
}

/** `DialogBot` of the sample. */
class DialogBot extends ActivityHandler {
  readonly #conversations: ConversationState;
  readonly #users: UserState;

  constructor(conversations: ConversationState, users: UserState, dialog: MainDialog) {
    super();
    this.#conversations = conversations;
    this.#users = users;
    const state = conversations.createProperty('DialogState');
    this.onMessage(async (context, next) => {
      const set = new DialogSet(state);
      set.add(dialog);
      const dc = await set.createContext(context);
      const { status } = await dc.continueDialog();
      if (status === DialogTurnStatus.empty) await dc.beginDialog(dialog.id);
      await next();
    });
  }

  override async run(context: TurnContext): Promise<void> {
    await super.run(context);
    await this.#conversations.saveChanges(context, false);
    await this.#users.saveChanges(context, false);
  }
}

function answering(answer: (text: string) => string): ActivityHandler {
  return new ActivityHandler().onMessage(async (context, next) => {
    await context.sendActivity(answer(context.activity.text));
    await next();
  });
}

/** Plain botbuilder in the layout of its official samples, on MemoryStorage. */
export function openSample(): Side {
  const storage = new MemoryStorage();
  const waterfall = new DialogBot(
    new ConversationState(storage),
    new UserState(storage),
    new MainDialog(),
  );
  const table = new Map(scriptOf('faq', 0).map((q) => [q.text, `${q.answer.source}: the answer`]));
  const bots: Readonly<Record<Workload, ActivityHandler>> = {
    echo: answering((text) => `Echo: ${text}`),
    faq: answering((text) => table.get(text) ?? 'no answer'),
    waterfall,
  };
  const greeted = new Set<string>();
  let count = 0;
  function send(workload: Workload, conversation: string, text: string): Promise<string> {
    count += 1;
    const activity = {
      type: 'message',
      id: String(count),
      text,
      channelId: 'web',
      serviceUrl: '',
      locale: 'en-US',
      from: { id: `user-${conversation}`, name: '' },
      recipient: { id: 'bot', name: '' },
      conversation: { id: conversation, name: '', isGroup: false, conversationType: '' },
    };
    return new MemoryAdapter().process(activity, bots[workload]);
  }
  return {
    async say(workload, conversation, text) {
      // The sample's first question comes with the first message; this one is in no measured round.
      if (workload === 'waterfall' && !greeted.has(conversation)) {
        greeted.add(conversation);
        await send(workload, conversation, 'hi');
      }
      return send(workload, conversation, text);
    },
    close: () => Promise.resolve(),
  };
}
