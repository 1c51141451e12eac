import { YingdaError } from '../../errors.ts';
import type { Content, Reply } from '../../message.ts';
import { conversationKey } from '../../store/store.ts';
import { openEngineRoom, type EngineRoomOptions } from './engine-room.ts';
import { play, type Mismatch } from './play.ts';

/** One turn may take this long, in ms. */
const PATIENCE_MS = 20_000;

/** Plays a conversation on the inbox and the log, without the channel's own code. */
export async function playDirectly(options: EngineRoomOptions): Promise<Mismatch | undefined> {
  const { script, definition, clock } = options;
  const room = await openEngineRoom(options);
  const { store } = room;
  const engine = room.start();
  const address = {
    channel: definition.name,
    account: 'default',
    conversation: 'c1',
    user: 'customer-1',
  };
  const key = conversationKey(address);
  let count = 0;
  let seen = 0;
  try {
    return await play(script, {
      async send(content: Content): Promise<readonly Reply[]> {
        count += 1;
        clock.move(1000);
        const id = `m${count}`;
        const ended = engine.signals.wait(key, id, PATIENCE_MS);
        await store.inbox.accept({ id, address, content, at: clock.now(), lang: script.lang });
        if (!(await ended)) throw new YingdaError('turn-failed', 'the turn did not end');
        const failed = room.failed();
        if (failed !== undefined) throw new YingdaError('turn-failed', failed);
        const lines = await store.log.read(key, seen);
        seen = lines.at(-1)?.seq ?? seen;
        const replies = lines.flatMap((l) => (l.kind === 'out' ? [l.reply] : []));
        return replies.filter((r) => r.event === undefined);
      },
      wait: (ms) => clock.move(ms),
      state: () => room.state(key),
    });
  } finally {
    await room.stop();
  }
}
