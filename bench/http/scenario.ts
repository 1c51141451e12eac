/** A message of a user, and what its answer must hold. */
export interface Line {
  readonly text: string;
  readonly answer: RegExp;
}

const zh: readonly Line[] = [
  { text: '请问一般要几天才能收到货', answer: /2–4/u },
  { text: '查订单', answer: /订单号/u },
  { text: '20261101001', answer: /20261101001/u },
  { text: '请问你们满多少钱包邮啊', answer: /99/u },
  { text: '谢谢', answer: /不客气|应该的|不用谢/u },
];

const en: readonly Line[] = [
  { text: 'how long does delivery usually take please', answer: /2–4/u },
  { text: 'track my order', answer: /order number/iu },
  { text: '20261101001', answer: /20261101001/u },
  { text: 'tell me how much is shipping', answer: /99/u },
  { text: 'thank you', answer: /welcome|pleasure|Any time/u },
];

/** What a user says, over and over: two questions, an order's status in two turns, thanks. */
export function lineOf(user: number, message: number): Line {
  const script = user % 2 === 0 ? zh : en;
  return script[message % script.length] ?? { text: '', answer: /./u };
}

/**
 * When each message is meant to be sent, in ms: random moments at `rate` a second, the users in a new
 * random order for each message, so that nobody's messages come all at once.
 */
export function schedule(
  order: { readonly users: number; readonly messages: number; readonly rate: number },
  random: () => number,
  shuffle: (users: readonly number[]) => readonly number[],
): readonly { readonly at: number; readonly user: number; readonly message: number }[] {
  const users = Array.from({ length: order.users }, (_, i) => i);
  let at = 0;
  return Array.from({ length: order.messages }, (_, message) => message).flatMap((message) =>
    shuffle(users).map((user) => {
      at += (-Math.log(1 - random()) * 1000) / order.rate;
      return { at, user, message };
    }),
  );
}
