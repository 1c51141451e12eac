import { stat } from 'node:fs/promises';
import { Low } from 'lowdb';
import type { Adapter } from 'lowdb';
import { TextFile } from 'lowdb/node';
import { LineCounter, parseDocument } from 'yaml';
import type { FileFault } from '../errors.ts';
import { FileError, messageOf } from '../errors.ts';
import type { Source } from './faults.ts';
import { mergeYaml } from './yaml-merge.ts';

const MAX_BYTES = 1024 * 1024;
const MAX_ALIASES = 100;
/** Faults named for one file that is not YAML at all. */
const MAX_SYNTAX_FAULTS = 20;
/** Open brackets at once; a real file has a handful. */
const MAX_NESTING = 200;

/** Deepest nesting of brackets and of `- - -`, counted roughly: it also counts inside texts. */
function nestingOf(text: string): number {
  let depth = 0;
  let deepest = 0;
  let dashes = 0;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charAt(i);
    if (unit === '[' || unit === '{') deepest = Math.max(deepest, ++depth);
    else if (unit === ']' || unit === '}') depth = Math.max(0, depth - 1);
    else if (unit === '-' || unit === '?' || unit === ':') deepest = Math.max(deepest, ++dashes);
    else if (unit !== ' ') dashes = 0;
  }
  return deepest;
}

/**
 * Parses one YAML document of a knowledge file.
 * @throws FileError with every syntax fault and its line
 */
function parseYaml(file: string, text: string): unknown {
  if (text.includes('\uFFFD')) {
    throw new FileError([{ file, fault: 'not UTF-8', mend: 'save the file as UTF-8' }]);
  }
  if (nestingOf(text) > MAX_NESTING) {
    throw new FileError([{ file, fault: 'nested too deeply', mend: 'write it flat' }]);
  }
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { lineCounter, prettyErrors: false });
  const faults = [...document.errors, ...document.warnings].map((error): FileFault => ({
    file,
    line: lineCounter.linePos(error.pos[0]).line,
    fault: `not valid YAML: ${error.message}`,
    mend:
      error.code === 'DUPLICATE_KEY' ? 'rename or remove one' : 'correct the line or the one above',
  }));
  if (faults.length > 0) throw new FileError(faults.slice(0, MAX_SYNTAX_FAULTS));
  try {
    return document.toJS({ maxAliasCount: MAX_ALIASES }) as unknown;
  } catch (error) {
    const fault = `can't be read: ${messageOf(error)}`;
    throw new FileError([{ file, fault, mend: 'write it without aliases (*name)' }]);
  }
}

/** What lowdb keeps of a file. It is in an object because lowdb takes a falsy value for "no file". */
interface Content {
  text: string;
  value: unknown;
}

/** lowdb adapter: YAML on disk, its comments kept, written to a temporary file and renamed. */
class YamlAdapter implements Adapter<Content> {
  readonly #file: string;
  readonly #disk: TextFile;
  #last: Readonly<Content> | undefined;

  constructor(file: string) {
    this.#file = file;
    this.#disk = new TextFile(file);
  }

  async read(): Promise<Content> {
    const text = await this.#text();
    if (text !== this.#last?.text) this.#last = { text, value: parseYaml(this.#file, text) };
    return { ...this.#last };
  }

  async write(content: Content): Promise<void> {
    await this.#disk.write(content.text);
  }

  async #text(): Promise<string> {
    const size = await stat(this.#file).then(
      (found) => found.size,
      () => 0,
    );
    const fault = { file: this.#file, mend: 'divide it into several files' };
    if (size > MAX_BYTES) throw new FileError([{ ...fault, fault: 'larger than 1 MiB' }]);
    const text = await this.#disk.read().catch((error: unknown) => {
      const why = `can't be read: ${messageOf(error)}`;
      throw new FileError([{ file: this.#file, fault: why, mend: 'check its permissions' }]);
    });
    if (text !== null) return text;
    throw new FileError([{ file: this.#file, fault: 'is not there', mend: 'put it back' }]);
  }
}

/** One YAML file as a lowdb database. Edits of the same file wait for each other. */
export class YamlFile {
  readonly #file: string;
  readonly #low: Low<Content>;
  #busy: Promise<unknown> = Promise.resolve();

  /** @param file path; it need not be there before {@link YamlFile.read} */
  constructor(file: string) {
    this.#file = file;
    this.#low = new Low<Content>(new YamlAdapter(file), { text: '', value: null });
  }

  /**
   * Reads what is on disk now; an unchanged text is not parsed again.
   * @throws FileError for a file that is missing, too large or not YAML
   */
  async read(): Promise<Source> {
    return this.#inTurn(async () => {
      await this.#low.read();
      return { file: this.#file, ...this.#low.data };
    });
  }

  /**
   * Edits the file: reads it, lets `mutate` change the value, and writes it with its comments.
   * @param mutate changes the value in place; the value is a copy
   * @param check sees what would be written and throws to keep the file as it is
   * @throws FileError where the file can't be read or can't hold the new value
   */
  async update(
    mutate: (value: unknown) => void,
    check: (source: Source) => void = () => undefined,
  ): Promise<void> {
    return this.#inTurn(async () => {
      await this.#low.read();
      await this.#low.update((content) => {
        const value = structuredClone(content.value);
        mutate(value);
        const text = mergeYaml(content.text, value);
        if (text === undefined) {
          const fault = 'the edit does not fit the file';
          const mend = 'write aliases (*name) out, then edit again';
          throw new FileError([{ file: this.#file, fault, mend }]);
        }
        check({ file: this.#file, text, value });
        content.text = text;
        content.value = value;
      });
    });
  }

  async #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const run = this.#busy.then(work);
    this.#busy = run.catch(() => undefined);
    return run;
  }
}
