declare module 'pinyin-pro/dist/esm/data/dict1.mjs' {
  /** Readings of a character with tone marks, the most common first, parted by spaces. */
  const readings: { get(char: string): string | undefined };
  export default readings;
}

declare module 'pinyin-pro/dist/esm/data/dict2.mjs' {
  /** Words of two characters that are not read by the most common reading of each. */
  const words: Readonly<Record<string, string | undefined>>;
  export default words;
}
