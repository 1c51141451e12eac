/** A customer's phone, and what people on duty do about this customer. */
import type { PhoneHost } from '../phone-page/index.ts';
import type { Gesture } from '../simulator.ts';
import type { Corp } from './corp.ts';
import type { Fields } from './refusal.ts';
import type { Session } from './session.ts';

type Act = (corp: Corp, session: Session, key: string) => Promise<boolean>;

/** A phone of a customer with the first 客服 account, or with the one that `user@open_kfid` names. */
export function phoneOf(
  corp: Corp,
  name: string,
): ReturnType<PhoneHost['phone']> & { readonly session: Session } {
  const [user = '', kf = corp.accounts[0]?.open_kfid ?? ''] = name.split('@');
  const session = corp.session(user, corp.account(kf).open_kfid);
  return {
    user,
    session,
    get screen() {
      return corp.screen(user);
    },
    do: (gesture) => act(corp, session, gesture),
  };
}

async function act(corp: Corp, session: Session, gesture: Gesture): Promise<boolean> {
  switch (gesture.kind) {
    case 'text':
      return write(corp, session, { msgtype: 'text', text: { content: gesture.text } });
    case 'tap': {
      const items = corp.screen(session.user).flatMap((bubble) => bubble.items);
      const item = items.findLast((i) => i.id === gesture.id);
      if (item === undefined) throw new TypeError(`the screen shows no item ${gesture.id}`);
      const content = { content: item.title, menu_id: item.id };
      return write(corp, session, { msgtype: 'text', text: content });
    }
    case 'image': {
      const file = corp.media.keep('image', gesture.name, 'image/jpeg', Buffer.from(gesture.bytes));
      const sent = await write(corp, session, { msgtype: 'image', image: { media_id: file.id } });
      if (gesture.text === undefined || gesture.text === '') return sent;
      const said = await write(corp, session, { msgtype: 'text', text: { content: gesture.text } });
      return sent && said;
    }
    case 'join':
      return enter(corp, session, gesture.scene ?? '');
    case 'event': {
      const known = Object.hasOwn(ACTS, gesture.name) ? ACTS[gesture.name] : undefined;
      const key = gesture.key ?? '';
      return known === undefined
        ? corp.event(session, gesture.name, { key })
        : known(corp, session, key);
    }
  }
}

function write(corp: Corp, session: Session, message: Fields): Promise<boolean> {
  session.wrote(corp.clock.now());
  return corp.post(session, 3, message);
}

function enter(corp: Corp, session: Session, scene: string): Promise<boolean> {
  const welcome = session.mayBeWelcomed(corp.clock.now())
    ? { welcome_code: corp.codes.issue('welcome', session) }
    : {};
  return corp.event(session, 'enter_session', { scene, scene_param: '', ...welcome });
}

/** By name of the event. `key` is given in brackets. */
const ACTS: Readonly<Record<string, Act>> = {
  /** Enters the session again (the scene). */
  enter_session: enter,
  join: enter,
  subscribe: enter,
  /** The customer sends a message of any type (its JSON: `{"msgtype":"location","location":{…}}`). */
  message: (corp, session, key) => write(corp, session, JSON.parse(key) as Fields),
  /** What is sent from now on is accepted and lost (the `fail_type`); without a key it arrives again. */
  loses: (_corp, session, key) => {
    session.losing = key === '' ? undefined : Number(key);
    return Promise.resolve(true);
  },
  /** A person on duty takes the session (their id). */
  'agent-takes': (corp, session, key) => {
    const servicer = key === '' ? 'zhangsan' : key;
    const from = session.state(corp.clock.now());
    const old = session.servicer;
    session.taken(servicer);
    const change = from === 4 ? 4 : from === 3 ? 2 : 1;
    return corp.event(session, 'session_status_change', {
      change_type: change,
      ...(old === undefined ? {} : { old_servicer_userid: old }),
      new_servicer_userid: servicer,
      ...(change === 1 ? { msg_code: corp.codes.issue('accepted', session) } : {}),
    });
  },
  /** The person who serves writes (the text). */
  'agent-writes': (corp, session, key) => {
    const servicer = session.servicer;
    if (servicer === undefined) throw new TypeError('no person serves this customer');
    corp.show(session.user, {
      id: corp.newId('kf'),
      kind: 'text',
      text: key,
      items: [],
      by: 'active',
    });
    const message = { servicer_userid: servicer, msgtype: 'text', text: { content: key } };
    return corp.post(session, 5, message);
  },
  /** The person who serves ends the session. */
  'agent-ends': (corp, session) => {
    const old = session.servicer;
    if (old === undefined) throw new TypeError('no person serves this customer');
    session.move(4, undefined, corp.clock.now());
    return corp.event(session, 'session_status_change', {
      change_type: 3,
      old_servicer_userid: old,
      msg_code: corp.codes.issue('ended', session),
    });
  },
  /** The person (their id) goes on duty or leaves it. */
  'agent-on': (corp, session, key) => serves(corp, session, key, 0),
  'agent-off': (corp, session, key) => serves(corp, session, key, 1),
};

function serves(corp: Corp, session: Session, key: string, status: 0 | 1): Promise<boolean> {
  const servicer = key === '' ? 'zhangsan' : key;
  corp.account(session.kf).servicers.set(servicer, status);
  return corp.event(session, 'servicer_status_change', {
    servicer_userid: servicer,
    status: status + 1,
  });
}
