import { toUnit, type Embedder } from '../../../src/understanding/embedding/embedder.ts';

/** Words that share no letters to speak of, four letters each: a plain model can't know which mean the same. */
const ODD =
  'qvop zixu jawk fyme gobi hurc lenk dawz muxo pity vesk brul cwim kozt nyfa sgej xolb yurt ephi ilda ' +
  'ovne utka azgo enwu irfs olmy uhpe acjx ebqi idzo ofrk ugwy alxn eski ijta okvu unyh afgo elmp ircz ' +
  'obde uqsi axlo ewty ihfu ojga upvr amki enzo icsx oqly urbe atuw egno ivhi omxa uzkl ayrp edfo ikwu';

const INTENTS = ['return', 'parcel', 'invoice'];

const WORDS = INTENTS.map((intent, i) => ({
  intent,
  words: ODD.split(' ').filter((_, at) => at % INTENTS.length === i),
}));

/** A word of that meaning that no training line holds. */
export function unseen(intent: string): string {
  return WORDS.find((w) => w.intent === intent)?.words.at(-1) ?? '';
}

/** An encoder that knows which words mean the same: a stand-in for a trained one. */
export function meaningEncoder(
  asked: string[] = [],
  languages: Embedder['languages'] = ['en'],
): Embedder {
  return {
    id: 'meaning',
    dims: WORDS.length + 4,
    languages,
    embed(texts) {
      asked.push(...texts);
      return Promise.resolve(
        texts.map((text) => {
          const noise = Buffer.from(text).reduce((sum, byte) => (sum * 31 + byte) % 997, 7);
          return toUnit(
            Float32Array.from([
              ...WORDS.map(({ words }) => (words.some((w) => text.includes(w)) ? 1 : 0)),
              ...[0, 1, 2].map((i) => ((noise >> (2 * i)) % 4) / 20),
              0.1,
            ]),
          );
        }),
      );
    },
    close: () => Promise.resolve(),
  };
}

const FRAMES = ['please X now', 'I want to ask about X', 'about the X of mine', 'help with X'];

/** Each word but the last of its meaning, in one line each. */
export const LINES = WORDS.flatMap(({ intent, words }) =>
  words
    .slice(0, -1)
    .map((word, i) => ({ text: (FRAMES[i % 4] ?? 'X').replace('X', word), intent })),
);
