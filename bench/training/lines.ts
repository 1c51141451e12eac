import type { Utterance } from '../../src/message.ts';
import { seeded, shuffled } from '../stats.ts';

const words = (list: string): readonly string[] => list.split(' ');

const VERBS = words(
  'activate cancel change check close compare confirm connect copy correct delay delete download ' +
    'exchange export extend find freeze insure limit link lock merge move open pause pay print ' +
    'reactivate rename renew repair replace reset restore share split upgrade verify withdraw',
);
const NOUNS = words(
  'account address alarm battery booking card charger contract coupon delivery deposit device fare ' +
    'invoice licence membership number order parcel password plan receipt subscription ticket warranty',
);
const FRAMES = [
  'how do I V my N',
  'I want to V my N',
  'can you V the N for me',
  'please V my N',
  'V N',
  'is it possible to V a N',
  'I need to V this N today',
  'what do I need to V my N',
  'where can I V the N',
  'help me V my N',
  'I tried to V my N and it failed',
  'my N, I would like to V it',
  'could someone V the N',
  'who can V my N',
  'does it cost anything to V a N',
  'I forgot to V my N',
  'let me V the N',
  'the N, how to V it',
];
const TAILS = [
  '',
  '',
  'thanks',
  'right now',
  'again',
  'online',
  'by phone',
  'before Friday',
  'at once',
];

/** Intents that are made up from {@link VERBS} and {@link NOUNS}: 1,000 at most. */
export const MOST_INTENTS = VERBS.length * NOUNS.length;

/** Made-up lines: `count` distinct ones for each of `intents` intents. The same for the same seed. */
export function generated(intents: number, count: number, seed: number): readonly Utterance[] {
  const random = seeded(seed);
  const pairs = VERBS.flatMap((verb) => NOUNS.map((noun) => ({ verb, noun })));
  return shuffled(pairs, random)
    .slice(0, intents)
    .flatMap(({ verb, noun }) => {
      const texts = new Set<string>();
      while (texts.size < count) {
        const frame = FRAMES[Math.floor(random() * FRAMES.length)] ?? '';
        const tail = TAILS[Math.floor(random() * TAILS.length)] ?? '';
        texts.add(`${frame.replace('V', verb).replace('N', noun)} ${tail}`.trim());
      }
      return [...texts].map((text) => ({ text, intent: `${verb}-${noun}` }));
    });
}
