import type { StartSimulator } from '../../../simulators/simulator.ts';
import type { Content } from '../../app.ts';
import type { ChannelDefinition } from '../../channel/channel.ts';
import type { Logger } from '../../log.ts';
import type { Script } from './format.ts';
import type { HeldClock } from './held-clock.ts';
import type { Mismatch } from './play.ts';
import { playDirectly } from './stage-direct.ts';
import { playSimulated } from './stage-simulated.ts';

export { HeldClock } from './held-clock.ts';

/** What conversations are played on. */
export interface Playground {
  readonly content: Content;
  readonly channels: ReadonlyMap<string, ChannelDefinition>;
  readonly logger: Logger;
  /** The clock that the content was loaded with: each conversation sets it. */
  readonly clock: HeldClock;
  /**
   * Stand-ins for providers, by channel. With one a conversation goes through the channel's own code;
   * without, straight to the inbox. Default: none.
   */
  readonly simulators?: ReadonlyMap<string, StartSimulator>;
}

/** Plays a conversation through the real pipeline, on a fresh store and customer with a held clock. */
export async function playOnEngine(
  script: Script,
  channel: string,
  { content, channels, logger, clock, simulators }: Playground,
): Promise<Mismatch | undefined> {
  const definition = channels.get(channel);
  if (definition === undefined) {
    return {
      line: 1,
      expected: `channel ${channel}`,
      got: `only ${[...channels.keys()].join(', ')}`,
    };
  }
  const options = { script, definition, content, logger, clock };
  const simulator = simulators?.get(channel);
  return simulator === undefined ? playDirectly(options) : playSimulated({ ...options, simulator });
}
