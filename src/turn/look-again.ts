import type { Lang, ScoredIntent } from '../message.ts';
import type { Parts } from './parts.ts';

/** Texts of one turn that are looked at again, the first ones asked for. */
const MOST_TEXTS = 4;

/**
 * Considers a message with the plain recognizer, and where that was unsure of a text, once more with
 * what a second look found. Where there is no second look, or it finds nothing new in its time limit
 * (150 ms, all texts at once), the first result stands.
 * @param consider pure: may run twice
 */
export async function consideredAgain<T>(parts: Parts, consider: (parts: Parts) => T): Promise<T> {
  const { lookAgain } = parts;
  if (lookAgain === undefined) return consider(parts);
  const asked = new Map<string, { text: string; lang: Lang; ranked: readonly ScoredIntent[] }>();
  const first = consider({
    ...parts,
    recognize(text, lang) {
      const ranked = parts.recognize(text, lang);
      asked.set(`${lang}${text}`, { text, lang, ranked });
      return ranked;
    },
  });
  const found = new Map<string, readonly ScoredIntent[]>();
  const looks = [...asked].flatMap(([key, { text, lang, ranked }]) => {
    const look = lookAgain(text, lang, ranked);
    return look === undefined ? [] : [{ key, look }];
  });
  await Promise.all(
    looks.slice(0, MOST_TEXTS).map(async ({ key, look }) => {
      const ranked = await look();
      if (ranked !== undefined) found.set(key, ranked);
    }),
  );
  if (found.size === 0) return first;
  return consider({
    ...parts,
    recognize: (text, lang) => found.get(`${lang}${text}`) ?? parts.recognize(text, lang),
  });
}
