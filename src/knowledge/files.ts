import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { basename, join, relative } from 'node:path';
import { FileError, messageOf } from '../errors.ts';
import type { FaultCollector, Source } from './faults.ts';
import { YamlFile } from './yaml-file.ts';

const MAX_FILES = 1000;
/** What editors, lowdb and people leave beside the files; it is passed over in silence. */
const PASSED_OVER = /^\.|^#.{0,200}#$|~$|\.(?:tmp|swp|swx|bak|orig|md)$|^4913$/;

/** Is this name none of ours: hidden, an editor's temporary file, or documentation? */
export function isPassedOver(path: string): boolean {
  return PASSED_OVER.test(basename(path));
}

/** All files of a knowledge folder, read. A single file that is missing has no source. */
export interface Sources {
  readonly faq: readonly Source[];
  readonly dialogs: ReadonlyMap<string, Source>;
  readonly commands?: Source;
  readonly wording?: Source;
  readonly lexicon?: Source;
  /** Hash over the names and texts. */
  readonly version: string;
}

/** The folder of knowledge files, each of them a lowdb database. */
export class KnowledgeFiles {
  readonly #dir: string;
  readonly #files = new Map<string, YamlFile>();

  constructor(dir: string) {
    this.#dir = dir;
  }

  /** Reads what is there now. Faults go to `faults`; a file with faults has no source. */
  async read(faults: FaultCollector): Promise<Sources> {
    const hash = createHash('sha256');
    const gone = new Set(this.#files.keys());
    const read = async (path: string): Promise<Source | undefined> => {
      gone.delete(path);
      try {
        const source = await this.#open(path).read();
        hash.update(`${relative(this.#dir, path)}\0${source.text}\0`);
        return source;
      } catch (error) {
        if (!(error instanceof FileError)) throw error;
        faults.push(...error.faults);
        return undefined;
      }
    };
    const faq: Source[] = [];
    for (const file of await this.#list('faq', faults)) {
      const source = await read(file);
      if (source !== undefined) faq.push(source);
    }
    const dialogs = new Map<string, Source>();
    for (const file of await this.#list('dialogs', faults)) {
      const source = await read(file);
      if (source !== undefined) dialogs.set(basename(file, '.yaml'), source);
    }
    const top = await this.#list('', faults);
    const single = async (name: string) => {
      const path = join(this.#dir, name);
      const source = top.includes(path) ? await read(path) : undefined;
      return source === undefined ? {} : { [basename(name, '.yaml')]: source };
    };
    const commands = await single('commands.yaml');
    const wording = await single('wording.yaml');
    const lexicon = await single('lexicon.yaml');
    for (const path of gone) this.#files.delete(path);
    const version = hash.digest('hex').slice(0, 16);
    return { faq, dialogs, ...commands, ...wording, ...lexicon, version };
  }

  /**
   * Edits one file; see {@link YamlFile.update}.
   * @param path as in {@link Source.file}
   */
  async update(
    path: string,
    mutate: (value: unknown) => void,
    check: (source: Source) => void,
  ): Promise<void> {
    await this.#open(path).update(mutate, check);
  }

  #open(path: string): YamlFile {
    let file = this.#files.get(path);
    if (file === undefined) this.#files.set(path, (file = new YamlFile(path)));
    return file;
  }

  /** Paths of the YAML files of one folder, sorted. */
  async #list(folder: '' | 'faq' | 'dialogs', faults: FaultCollector): Promise<readonly string[]> {
    const dir = join(this.#dir, folder);
    const found = await readdir(dir, { withFileTypes: true }).catch((error: unknown) => {
      const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
      if (!missing || folder === '') {
        const mend = 'set KNOWLEDGE_DIR to a folder that can be read';
        faults.push({ file: dir, fault: `can't be read: ${messageOf(error)}`, mend });
      }
      return [];
    });
    const paths: string[] = [];
    for (const each of found) {
      if (isPassedOver(each.name)) continue;
      const file = join(dir, each.name);
      const stray = strayMend(folder, each.name, each.isDirectory());
      if (stray !== undefined) faults.push({ file, fault: 'is not read', mend: stray });
      else if (!each.isDirectory()) paths.push(file);
    }
    if (paths.length > MAX_FILES) {
      faults.push({ file: dir, fault: `more than ${MAX_FILES} files`, mend: 'join some of them' });
    }
    return paths.sort().slice(0, MAX_FILES);
  }
}

/** What to do about a file or folder that has no place here; `undefined` for one that has. */
function strayMend(folder: string, name: string, isFolder: boolean): string | undefined {
  if (folder === '') {
    const known = isFolder ? ['faq', 'dialogs'] : ['commands.yaml', 'wording.yaml', 'lexicon.yaml'];
    if (known.includes(name)) return undefined;
    return 'known here: faq/, dialogs/, commands.yaml, wording.yaml, lexicon.yaml; move or remove it';
  }
  if (isFolder) return 'move its files up: folders inside are not read';
  if (name.endsWith('.yml')) return `rename it to ${name.slice(0, -4)}.yaml`;
  if (!name.endsWith('.yaml')) return 'only .yaml files belong here; move or remove it';
  if (folder === 'dialogs' && !/^[a-z0-9][a-z0-9-]{0,79}\.yaml$/.test(name)) {
    return "name it after its dialog's id: small letters, digits and dashes";
  }
  return undefined;
}
