/** The calls of the API, each with its own page under https://developer.work.weixin.qq.com/document/path/ */
import type { Corp } from './corp.ts';
import { checkMessage, messageId, type Shown } from './message-rules.ts';
import { Refusal, whole, type Fields } from './refusal.ts';
import type { Session } from './session.ts';

/** Answers one call; `query` is the URL's. @throws Refusal */
export type Call = (corp: Corp, body: Fields, query: URLSearchParams) => Fields;

const posts: Readonly<Record<string, Call>> = {
  'kf/sync_msg': (corp, body) => {
    if ((body.open_kfid ?? '') !== '') corp.account(body.open_kfid);
    const format = body.voice_format ?? 0;
    if (format !== 0 && format !== 1) throw new Refusal(40058, 'invalid voice_format');
    return { ...corp.history.pull(body) };
  },
  'kf/send_msg': (corp, body) => {
    const session = corp.knownSession(body.touser, body.open_kfid);
    const shown = checkMessage(body, (id, types) => corp.media.get(id, types));
    session.checkSend(corp.clock.now());
    const msgid = claimId(corp, session, body);
    session.sent();
    arrive(corp, session, msgid, shown);
    return { msgid };
  },
  'kf/send_msg_on_event': (corp, body) => {
    const { session, occasion, types } = corp.codes.check(body.code);
    const shown = checkMessage(body, (id, of) => corp.media.get(id, of), types);
    const msgid = claimId(corp, session, body);
    corp.codes.use(body.code as string);
    if (occasion === 'welcome') session.welcomedAt = corp.clock.now();
    arrive(corp, session, msgid, shown);
    return { msgid };
  },
  'kf/service_state/get': (corp, body) => {
    const session = corp.knownSession(body.external_userid, body.open_kfid);
    const state = session.state(corp.clock.now());
    const { servicer } = session;
    return {
      service_state: state,
      ...(servicer === undefined ? {} : { servicer_userid: servicer }),
    };
  },
  'kf/service_state/trans': (corp, body) => {
    const now = corp.clock.now();
    const session = corp.knownSession(body.external_userid, body.open_kfid);
    const to = whole(body, 'service_state');
    const from = session.state(now);
    const servicer = to === 3 ? servicerOf(corp, session, body) : undefined;
    session.move(to, servicer, now);
    if (to === 2) return { msg_code: corp.codes.issue('queued', session) };
    if (to === 3 && from === 2) return { msg_code: corp.codes.issue('accepted', session) };
    if (to === 4) return { msg_code: corp.codes.issue('ended', session) };
    return {};
  },
  'kf/customer/batchget': (corp, body) => {
    const ids = body.external_userid_list;
    if (!Array.isArray(ids) || ids.length === 0 || ids.length > 100) {
      throw new Refusal(40058, 'external_userid_list is not 1 to 100 ids');
    }
    const known = ids.filter((id): id is string => typeof id === 'string' && corp.knows(id));
    return {
      customer_list: known.map((id) => ({
        external_userid: id,
        nickname: id,
        avatar: '',
        gender: 0,
      })),
      invalid_external_userid: ids.filter((id) => !known.includes(id as string)),
    };
  },
  'kf/account/list': (corp, body) => {
    const offset = body.offset === undefined ? 0 : whole(body, 'offset');
    const limit = body.limit === undefined ? 100 : whole(body, 'limit');
    if (limit < 1 || limit > 100) throw new Refusal(40058, 'limit is not 1 to 100');
    return {
      account_list: corp.accounts
        .slice(offset, offset + limit)
        .map(({ open_kfid, name }) => ({ open_kfid, name, avatar: '', manage_privilege: true })),
    };
  },
  'kf/add_contact_way': (corp, body) => {
    const account = corp.account(body.open_kfid);
    const scene = body.scene ?? '';
    if (typeof scene !== 'string' || !/^[\w-]{0,32}$/u.test(scene)) {
      throw new Refusal(40058, 'invalid scene');
    }
    return { url: `https://work.weixin.qq.com/kf/${account.open_kfid}?enc_scene=${scene}` };
  },
};

const gets: Readonly<Record<string, Call>> = {
  'kf/servicer/list': (corp, _body, query) => ({
    servicer_list: [...corp.account(query.get('open_kfid')).servicers].map(([userid, status]) => ({
      userid,
      status,
    })),
  }),
  getcallbackip: () => ({ ip_list: ['127.0.0.1'] }),
};

/** Calls that take JSON, by what comes after `/cgi-bin/`. */
export const POSTS: ReadonlyMap<string, Call> = new Map(Object.entries(posts));
/** Calls without a body. */
export const GETS: ReadonlyMap<string, Call> = new Map(Object.entries(gets));

/** An id must be new in its account. The documents say "an error" and give no code. */
function claimId(corp: Corp, session: Session, body: Fields): string {
  const given = messageId(body);
  const { messageIds } = corp.account(session.kf);
  if (messageIds.has(given)) throw new Refusal(40058, 'msgid has been used: duplicate');
  const id = given === '' ? corp.newId('MSG') : given;
  messageIds.add(id);
  return id;
}

/** What is accepted shows on the phone, or is lost with an event that says so. */
function arrive(corp: Corp, session: Session, id: string, shown: Shown): void {
  if (session.losing !== undefined) {
    void corp.event(session, 'msg_send_fail', { fail_msgid: id, fail_type: session.losing });
    return;
  }
  const { mediaId, ...bubble } = shown;
  const picture = mediaId === undefined ? {} : { picture: `/media/${mediaId}` };
  corp.show(session.user, { id, ...bubble, ...picture, by: 'active' });
}

function servicerOf(corp: Corp, session: Session, body: Fields): string {
  const id = body.servicer_userid;
  const { servicers } = corp.account(session.kf);
  if (typeof id !== 'string' || id === '') throw new Refusal(40058, 'servicer_userid is missing');
  const status = servicers.get(id);
  if (status === undefined) throw new Refusal(95014, 'not a servicer');
  if (status === 1) throw new Refusal(95019, 'the servicer has stopped');
  return id;
}
