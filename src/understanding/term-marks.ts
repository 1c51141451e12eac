/** First characters of terms that are more than the analyzer's. */

/** First character of a term that is a pair of pinyin syllables. */
export const SOUND = '~';
/** First character of a term that is a whole word of Chinese, beside its characters. */
export const WORD = '%';
/** Of one that tells how a message begins. */
export const BEGIN = '^';
/** Of one that tells how it ends. */
export const END = '$';
