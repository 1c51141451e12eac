/** An expectation on a bubble: `/regex/flags`, or the exact text. */
export interface Pattern {
  readonly source: string;
  /** A whole text, no regular expression. */
  readonly exact: boolean;
  matches(text: string): boolean;
}

/** Compiles a pattern; a text answer says what is wrong with it. */
export function compilePattern(source: string): Pattern | string {
  const found = /^\/(.*)\/([a-z]*)$/su.exec(source);
  if (found === null)
    return { source, exact: true, matches: (text) => text.trim() === source.trim() };
  try {
    const regex = new RegExp(found[1] ?? '', (found[2] ?? '').replace('g', ''));
    return { source, exact: false, matches: (text) => regex.test(text) };
  } catch {
    return `${source} is not a regular expression`;
  }
}
