import {
  BotAdapter,
  TurnContext,
  type Activity,
  type ConversationReference,
  type ResourceResponse,
} from 'botbuilder-core';
import { Defect } from '../errors.ts';
import type { Content, Inbound, Lang, Reply } from '../message.ts';
import { replyOf } from './bot-reply.ts';

const locales: Readonly<Record<Lang, string>> = { zh: 'zh-CN', en: 'en-US' };

/**
 * The adapter that dialogs run on. It calls nobody: what a turn says is kept in {@link TurnAdapter.sent}
 * and belongs to the turn's commit. Updating, deleting and proactive messages are defects here; say
 * things in a turn, and begin one with an Inbound of kind `event`.
 */
export class TurnAdapter extends BotAdapter {
  /** Everything sent so far, in order. */
  readonly sent: Partial<Activity>[] = [];

  override sendActivities(
    _context: TurnContext,
    activities: Partial<Activity>[],
  ): Promise<ResourceResponse[]> {
    return Promise.resolve(
      activities.map((activity) => {
        this.sent.push(activity);
        return { id: String(this.sent.length) };
      }),
    );
  }

  override updateActivity(): Promise<never> {
    return refused('updateActivity');
  }

  override deleteActivity(): Promise<never> {
    return refused('deleteActivity');
  }

  override continueConversation(): Promise<never> {
    return refused('continueConversation');
  }

  override continueConversationAsync(): Promise<never> {
    return refused('continueConversationAsync');
  }
}

function refused(name: string): Promise<never> {
  return Promise.reject(new Defect(`${name} is not supported inside a turn`));
}

/** A message as a Bot Framework activity. `lang` is the language of the conversation. */
export function toActivity(inbound: Inbound, lang: Lang): Activity {
  const { address } = inbound;
  const reference: ConversationReference = {
    channelId: address.channel,
    serviceUrl: '',
    user: { id: address.user, name: '', role: 'user' },
    bot: { id: 'bot', name: '', role: 'bot' },
    conversation: { id: address.conversation, name: '', isGroup: false, conversationType: '' },
  };
  const base = TurnContext.applyConversationReference({}, reference, true);
  return {
    ...base,
    ...contentOf(inbound.content),
    id: inbound.id,
    locale: locales[lang],
    timestamp: new Date(inbound.at),
    deliveryMode: 'expectReplies',
  } as Activity;
}

function contentOf(content: Content): Partial<Activity> {
  switch (content.kind) {
    case 'text':
      return { type: 'message', text: content.text };
    case 'choice':
      return { type: 'message', text: content.text, value: content.value };
    case 'attachment':
      return {
        type: 'message',
        text: content.text,
        attachments: content.attachments.map(({ name, contentType, url }) => ({
          name,
          contentType,
          contentUrl: url,
        })),
      };
    case 'event':
      return { type: 'event', name: content.name, value: content.value };
    case 'agent':
      return {
        type: 'event',
        name: `agent.${content.action}`,
        value: { agent: content.agent, text: content.text },
      };
  }
}

/** A turn's context on an adapter of its own. `context.adapter` is the {@link TurnAdapter}. */
export function createTurn(inbound: Inbound, lang: Lang): TurnContext {
  return new TurnContext(new TurnAdapter(), toActivity(inbound, lang));
}

/** What a turn said, from `adapter.sent` or `context.bufferedReplyActivities`. Typing and traces are not said. */
export function repliesOf(activities: readonly Partial<Activity>[]): Reply[] {
  const replies: Reply[] = [];
  for (const activity of activities) {
    if (activity.type === 'event') {
      replies.push({
        from: 'bot',
        text: '',
        event: { name: activity.name ?? '', value: activity.value as unknown },
      });
    } else if (activity.type === 'message' || activity.type === undefined) {
      replies.push(replyOf(activity));
    }
  }
  return replies;
}
