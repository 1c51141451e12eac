import { createHash } from 'node:crypto';
import type { Lang } from '../message.ts';
import type { Status } from './status.ts';

const words = {
  title: { zh: '运行状态', en: 'Status' },
  channels: { zh: '渠道', en: 'Channels' },
  ok: { zh: '正常', en: 'ok' },
  notOk: { zh: '异常', en: 'not ok' },
  scan: { zh: '请用手机扫码登录', en: 'Scan with the phone to log in' },
  backlog: { zh: '等待处理', en: 'Waiting' },
  messages: { zh: '消息', en: 'messages' },
  oldest: { zh: '最久等待秒数', en: 'seconds the oldest waits' },
  replies: { zh: '回复', en: 'replies' },
  undelivered: { zh: '未送达的回复', en: 'Replies that were not delivered' },
  none: { zh: '没有', en: 'None' },
  where: { zh: '会话', en: 'Conversation' },
  text: { zh: '内容', en: 'Text' },
  why: { zh: '原因', en: 'Reason' },
  dead: { zh: '未送出', en: 'not sent' },
  unknown: { zh: '不确定是否送达', en: 'may have arrived' },
  resend: { zh: '重新发送', en: 'Send again' },
} satisfies Record<string, Record<Lang, string>>;

const STYLE =
  'body{font:15px/1.5 system-ui,sans-serif;max-width:60rem;margin:1.5rem auto;padding:0 1rem;color:#1c1e21;background:#fff}' +
  'table{border-collapse:collapse;width:100%}th,td{border-bottom:1px solid #d9dce1;padding:.4rem;text-align:left;vertical-align:top;overflow-wrap:anywhere}' +
  'ul{margin:.2rem 0 0;padding-left:1.2rem}.bad{color:#a8071a;font-weight:600}.good{color:#1a6b2c}svg{width:12rem;height:12rem;display:block}';

/** Content-Security-Policy of the page. */
export const STATUS_POLICY =
  `default-src 'none'; style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'; ` +
  "form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

/** Renders it. @param lang both languages side by side where it is absent */
export async function statusPage(status: Status, lang?: Lang): Promise<string> {
  const say = (key: keyof typeof words): string =>
    lang === undefined ? `${words[key].zh} ${words[key].en}` : words[key][lang];
  const { messages, oldestMs, replies } = status.backlog;
  const channels = await Promise.all(status.channels.map((channel) => channelItem(channel, say)));
  const seconds = Math.round(oldestMs / 1000);
  return `<!doctype html>
<html lang="${lang ?? 'zh'}"><head><meta charset="utf-8"><title>${say('title')}</title>
<meta name="viewport" content="width=device-width,initial-scale=1"><style>${STYLE}</style></head><body>
<h1>${say('title')}</h1><p><time>${new Date(status.at).toISOString()}</time></p>
<h2>${say('channels')}</h2><table>${channels.join('')}</table>
<h2>${say('backlog')}</h2>
<p>${say('messages')}: ${messages} · ${say('oldest')}: ${seconds} · ${say('replies')}: ${replies}</p>
<h2>${say('undelivered')}</h2>${undeliveredTable(status.undelivered, say, lang)}
</body></html>
`;
}

type Say = (key: keyof typeof words) => string;

async function channelItem(channel: Status['channels'][number], say: Say): Promise<string> {
  const { name, ok, notes, qr } = channel;
  const state = ok
    ? `<span class="good">${say('ok')}</span>`
    : `<span class="bad">${say('notOk')}</span>`;
  const said = notes.map((note) => `<li>${escape(note)}</li>`).join('');
  const code = qr === undefined ? '' : `<p>${say('scan')}</p>${await qrCode(qr)}`;
  const list = said === '' ? '' : `<ul>${said}</ul>`;
  return `<tr><th scope="row">${escape(name)}</th><td>${state}${list}${code}</td></tr>`;
}

async function qrCode(text: string): Promise<string> {
  const { renderSVG } = await import('uqr');
  try {
    return renderSVG(text, { border: 2 });
  } catch {
    // Longer than any code can hold.
    return `<p>${escape(text.slice(0, 200))}</p>`;
  }
}

function undeliveredTable(rows: Status['undelivered'], say: Say, lang: Lang | undefined): string {
  if (rows.length === 0) return `<p>${say('none')}</p>`;
  const query = lang === undefined ? '' : `?lang=${lang}`;
  const body = rows.map((row) => {
    const where = `${row.channel}:${row.account}:${row.conversation}`;
    const when = new Date(row.at).toISOString();
    return (
      `<tr><td>${escape(where)}<br><time>${when}</time></td><td>${escape(row.text)}</td>` +
      `<td>${say(row.state)}: ${escape(row.error)}</td>` +
      `<td><form method="post" action="/status/undelivered/${row.id}/resend${query}">` +
      `<button>${say('resend')}</button></form></td></tr>`
    );
  });
  const heads = [say('where'), say('text'), say('why')].map((h) => `<th scope="col">${h}</th>`);
  return `<table><tr>${heads.join('')}<th></th></tr>${body.join('')}</table>`;
}

function escape(text: string): string {
  return text.replace(/[&<>"']/gu, (character) => `&#${character.codePointAt(0) ?? 0};`);
}
