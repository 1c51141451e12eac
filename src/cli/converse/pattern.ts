/** An expectation on a bubble: `/regex/flags`, or the exact text. */
export interface Pattern {
  readonly source: string;
  matches(text: string): boolean;
}

/** Compiles a pattern; a text answer says what is wrong with it. */
export function compilePattern(source: string): Pattern | string {
  const found = /^\/(.*)\/([a-z]*)$/su.exec(source);
  if (found === null) return { source, matches: (text) => text.trim() === source.trim() };
  try {
    const regex = new RegExp(found[1] ?? '', (found[2] ?? '').replace('g', ''));
    return { source, matches: (text) => regex.test(text) };
  } catch {
    return `${source} is not a regular expression`;
  }
}
