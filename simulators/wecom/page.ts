/** What the page of the phone shows of 微信客服. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { PhoneHost } from '../phone-page/index.ts';
import type { Simulator } from '../simulator.ts';
import type { Corp } from './corp.ts';
import { phoneOf } from './phone.ts';
import { Refusal } from './refusal.ts';
import type { State } from './session.ts';

const STATES: Readonly<Record<State, string>> = {
  0: '0 未处理 · new',
  1: '1 智能助手 · assistant',
  2: '2 待接入池 · in the pool',
  3: '3 人工 · with a person',
  4: '4 已结束/未开始 · ended or not begun',
};

/** Phones of one corporation, for the page. */
export function phonesOf(corp: Corp, refused: Simulator['refused']): PhoneHost {
  const event = (zh: string, en: string, name: string, key = '') =>
    ({ label: { zh, en }, gesture: { kind: 'event', name, key } }) as const;
  return {
    refused,
    title: { zh: '微信客服', en: 'WeCom customer service' },
    phone: (user) => phoneOf(corp, user),
    facts: (name) => {
      const session = phoneOf(corp, name).session;
      const now = corp.clock.now();
      const { servicer = '-' } = session;
      return [
        { label: { zh: '会话状态', en: 'State' }, value: STATES[session.state(now)] },
        { label: { zh: '接待人员', en: 'Served by' }, value: servicer },
        { label: { zh: '还可发送', en: 'Sends left' }, value: String(session.sendsLeft(now)) },
      ];
    },
    actions: (name) => {
      const withPerson = phoneOf(corp, name).session.servicer !== undefined;
      return [
        { label: { zh: '进入会话', en: 'Enter the session' }, gesture: { kind: 'join' } },
        event('人工接入', 'A person takes over', 'agent-takes'),
        ...(withPerson
          ? [
              event('人工回复', 'The person writes', 'agent-writes', '您好，我来帮您'),
              event('人工结束', 'The person ends it', 'agent-ends'),
            ]
          : []),
        event('拒收消息', 'Refuse messages', 'loses', '10'),
        event('恢复接收', 'Take messages again', 'loses'),
      ];
    },
  };
}

/** Answers with a picture that the screen shows. */
export function servePicture(
  corp: Corp,
  request: IncomingMessage,
  response: ServerResponse,
): boolean {
  const id = /^\/media\/([\w-]{1,512})$/u.exec(request.url ?? '')?.[1];
  if (id === undefined) return false;
  try {
    const file = corp.media.get(id, ['image']);
    response.setHeader('Content-Type', file.contentType);
    response.end(file.bytes);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    response.statusCode = 404;
    response.end();
  }
  return true;
}
