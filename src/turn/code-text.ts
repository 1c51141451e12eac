/** Text of machines: markup, queries, paths and templates say nothing that a shop could answer. */
import { cap } from '../text/analyzer.ts';

const CODE =
  /<\s*\/?\s*(?:script|iframe|img|svg|object|embed|style|link)\b|\{\{.{0,80}\}\}|[$#]\{.{0,80}\}|<%|(?:\.\.[\\/]){2}|^\W*\/(?:etc|proc|var|usr|bin)\/|^\W*(?:union\s+(?:all\s+)?)?select\s+(?:\*|\w+(?:\s*,\s*\w+)*)\s+from\s+\w+|\b(?:drop|truncate|alter)\s+table\b|\bdelete\s+from\s+\w+\s*(?:;|where|$)|\binsert\s+into\s+\w+\s*[(v]|\bexec(?:ute)?\s+(?:xp_|sp_)|^\W*(?:eval|exec|require|import|alert|system|print|console\.\w+)\s*\(.*\)\W*$|'\s*or\s+'?1'?\s*=\s*'?1|^\W*\$\(.{0,80}\)\W*$/iu;

/** @param text only the first 2,000 characters count */
export function isCode(text: string): boolean {
  return CODE.test(cap(text));
}
