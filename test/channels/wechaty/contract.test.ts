import { readFile } from 'node:fs/promises';
import path from 'node:path';
import definition from '../../../channels/wechaty/index.ts';
import { channelContract, type Arrival, type ChannelHarness } from '../../contracts/channel.ts';
import { arrive, inbox, soon, startWechaty } from '../../support/wechaty-bot.ts';
import { TOLD } from '../../support/wire.ts';

const SAMPLES = path.join(import.meta.dirname, '../../../channels/wechaty/samples');

/** What each payload of the mocked WeChat must become; nothing for talk of others in a room. */
const becomes: Record<string, readonly object[]> = {
  'text.json': [{ kind: 'text', text: '我要退货' }],
  'room-mention.json': [{ kind: 'text', text: '我的快递到哪了' }],
  'room-talk.json': [],
  'image.json': [{ attachments: [{ kind: 'image', name: 'photo.png' }] }],
  'voice.json': [{ attachments: [{ kind: 'audio', contentType: 'audio/silk' }] }],
  'video.json': [{ attachments: [{ kind: 'video', contentType: 'video/mp4' }] }],
};

channelContract(
  { name: 'wechaty', called: false, push: true, hearsItself: true },
  async ({ logger }): Promise<ChannelHarness> => {
    const wechat = await startWechaty({ logger });
    const { alice, self, desk, mocker, channel } = wechat;
    const got = inbox(wechat, alice);
    const room = mocker.createRoom({ memberIdList: [self.id, alice.id] });
    let marks = 0;
    let texts = 0;

    /** Lets a message arrive, and waits until it has been dealt with. */
    const arrivalOf =
      (act: () => void): Arrival =>
      async () => {
        act();
        const mark = arrive(wechat, { text: `mark ${(marks += 1)}` });
        const at = (): number => desk.accepted.findIndex(({ id }) => id === mark);
        await soon(() => at() !== -1);
        desk.accepted.splice(at(), 1);
        return TOLD;
      };

    const once = (payload: { id: string; type?: number; text?: string }): Arrival => {
      let known = false;
      return arrivalOf(() => {
        if (known) mocker.puppet.emit('message', { messageId: payload.id });
        else arrive(wechat, payload);
        known = true;
      });
    };

    const puppet = mocker.puppet as { messageSendText: unknown };
    const failing = (fail: () => unknown) => (): (() => void) => {
      const { messageSendText } = puppet;
      puppet.messageSendText = fail;
      return () => (puppet.messageSendText = messageSendText);
    };

    return {
      capabilities: definition.capabilities,
      desk,
      message: (text) => once({ id: `text-${(texts += 1)}`, text }),
      sample: async (file) => {
        const text = await readFile(path.join(SAMPLES, file), 'utf8');
        const names = { CUSTOMER: alice.id, BOT: self.id, ROOM: room.id };
        const recorded = JSON.parse(
          text.replaceAll(/"(CUSTOMER|BOT|ROOM)"/g, (_, name: keyof typeof names) =>
            JSON.stringify(names[name]),
          ),
        ) as { payload: { id: string }; file?: object };
        const payload = { ...recorded.payload, timestamp: wechat.time.clock.now() };
        if (recorded.file) mocker.cacheFileBoxPayload.set(payload.id, recorded.file);
        const contents = becomes[file] ?? [{ kind: 'not expected here' }];
        return { arrival: once(payload), becomes: contents.map((content) => ({ content })) };
      },
      unknown: () =>
        Object.fromEntries(
          [0, 3, 99, -1, 6].map((type) => [
            `type ${type}`,
            { arrival: once({ id: `unknown-${type}`, type }), status: 200 },
          ]),
        ),
      own: () => ({
        'said from the phone': arrivalOf(() => self.say('from the phone').to(alice)),
        'said to itself': arrivalOf(() => self.say('to itself').to(self)),
      }),
      provider: {
        channel,
        address: {
          channel: 'wechaty',
          account: 'default',
          conversation: alice.id,
          user: alice.id,
        },
        got: () => got,
        faults: {
          'nobody is logged in': {
            begin: failing(() => Promise.reject(new Error('not logged in'))),
            retryable: true,
            unknownOutcome: false,
          },
          'the puppet breaks': {
            begin: failing(() => Promise.reject(new Error('socket hang up'))),
            retryable: false,
            unknownOutcome: true,
          },
        },
      },
      stop: () => wechat.stop(),
    };
  },
);
