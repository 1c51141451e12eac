/** Finds the dialogs of a folder and checks them against their knowledge files before anything runs. */
import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { FileError, messageOf, type FileFault } from '../errors.ts';
import { fitFaults, type DialogSource } from './fit.ts';
import { stepsOf } from './frame.ts';
import { idOf, intentsOf, type AuthoredDialog } from './run.ts';

/** The dialogs of a folder, with the wording keys that their sources name in plain strings. */
export interface DiscoveredDialogs {
  readonly dialogs: ReadonlyMap<string, AuthoredDialog>;
  readonly said: ReadonlyMap<string, readonly string[]>;
}

const CODE = /^([a-z0-9][a-z0-9-]*)(?:\.component)?\.ts$/u;

/**
 * Loads `*.ts` of `dir`. A stray file, a broken one, or one that its knowledge file does not fit stops
 * with every fault named.
 * @throws FileError
 */
export async function discoverDialogs(
  dir: string,
  sources: ReadonlyMap<string, DialogSource>,
): Promise<DiscoveredDialogs> {
  const faults: FileFault[] = [];
  const said = new Map<string, readonly string[]>();
  const found = new Map<string, AuthoredDialog>();
  const files = new Map<string, string>();
  for (const name of (await readdir(dir)).sort()) {
    if (name.endsWith('.md') || name.startsWith('.')) continue;
    const file = join(dir, name);
    const id = CODE.exec(name)?.[1];
    if (id === undefined) {
      faults.push({
        file: shortPath(file),
        fault: 'is not a dialog file',
        mend: 'name it <dialog-id>.ts in kebab-case, or move it out of this folder',
      });
      continue;
    }
    const twin = files.get(id);
    if (twin !== undefined) {
      const fault = `${shortPath(twin)} has the same id`;
      faults.push({ file: shortPath(file), fault, mend: 'keep one of the two' });
      continue;
    }
    files.set(id, file);
    const loaded = await load(file);
    if ('fault' in loaded) faults.push(loaded);
    else if (idOf(loaded) !== id) {
      faults.push(
        await at(file, 'id:', `id "${idOf(loaded)}" is not the file's name`, `write id: '${id}'`),
      );
    } else found.set(id, loaded);
  }
  for (const [id, dialog] of found) {
    const text = await readFile(files.get(id) ?? '', 'utf8');
    said.set(
      id,
      [...text.matchAll(SAYS)].flatMap((m) => m[1] ?? []),
    );
    faults.push(...(await check({ file: files.get(id) ?? '', text }, id, dialog, sources)));
  }
  faults.push(...clashes(files, found));
  for (const [id, source] of sources) {
    if (files.has(id)) continue;
    faults.push({
      file: source.file,
      fault: `there is no dialog ${id}`,
      mend: `add ${shortPath(join(dir, `${id}.ts`))} or remove this file`,
    });
  }
  if (faults.length > 0) throw new FileError(faults);
  return { dialogs: found, said };
}

async function load(file: string): Promise<AuthoredDialog | FileFault> {
  let module: { default?: unknown };
  try {
    module = (await import(pathToFileURL(file).href)) as { default?: unknown };
  } catch (error) {
    const line = placeIn(error, file);
    return {
      file: shortPath(file),
      ...(line === undefined ? {} : { line }),
      fault: `can't be loaded: ${reasonOf(error)}`,
      mend: 'run `npm run types` to see what is wrong',
    };
  }
  const value = module.default;
  if (isDialog(value)) return value;
  return {
    file: shortPath(file),
    line: 1,
    fault: 'has no dialog as its default export',
    mend: 'write `export default defineDialog({ … })`',
  };
}

function isDialog(value: unknown): value is AuthoredDialog {
  if (value === null || typeof value !== 'object' || !('kind' in value)) return false;
  return value.kind === 'slots' || value.kind === 'dropped';
}

function placeIn(error: unknown, file: string): number | undefined {
  const text = error instanceof Error ? `${error.message}\n${error.stack ?? ''}` : String(error);
  const at = text.indexOf(`${file}:`);
  const line = at < 0 ? Number.NaN : Number.parseInt(text.slice(at + file.length + 1), 10);
  return Number.isNaN(line) ? undefined : line;
}

/** The line of a loader's message that says what is wrong; its first only counts the errors. */
function reasonOf(error: unknown): string {
  const [first = '', second] = messageOf(error).split('\n');
  return first.startsWith('Transform failed') && second !== undefined
    ? second.replace(/^.*ERROR: /u, '')
    : first;
}

async function check(
  { file, text }: { readonly file: string; readonly text: string },
  id: string,
  dialog: AuthoredDialog,
  sources: ReadonlyMap<string, DialogSource>,
): Promise<FileFault[]> {
  const faults: FileFault[] = [];
  if (intentsOf(dialog).length === 0) {
    faults.push(await at(file, 'intents', 'no intent starts it', "write intents: ['…']"));
  }
  for (const step of dialog.kind === 'slots' ? stepsOf(dialog.spec) : []) {
    if (typeof step !== 'string' || (dialog.kind === 'slots' && step in dialog.spec.slots))
      continue;
    const fault = `steps names a slot "${step}" that is not declared`;
    faults.push(await at(file, `'${step}'`, fault, 'declare it under slots'));
  }
  const source = sources.get(id);
  if (source !== undefined) {
    return [...faults, ...nameFaults(file, text, source, sources), ...fitFaults(dialog, source)];
  }
  faults.push({
    file: shortPath(file),
    fault: `has no knowledge/dialogs/${id}.yaml`,
    mend: 'add that file with name, utterances and the wording of each slot',
  });
  return faults;
}

const SAYS = /\b(?:done|stop|retry|say)\(\s*'([^'\n]{1,80})'/gu;
const GOES = /\bgoTo\(\s*'([^'\n]{1,80})'/gu;

/** Wording keys and dialogs that the source names in plain strings, and that are not there. */
function nameFaults(
  file: string,
  text: string,
  source: DialogSource,
  sources: ReadonlyMap<string, DialogSource>,
): FileFault[] {
  const lineAt = (index: number): number => text.slice(0, index).split('\n').length;
  const faults: FileFault[] = [];
  for (const match of text.matchAll(SAYS)) {
    const key = match[1] ?? '';
    if (source.has(`say.${key}`) || source.says(key)) continue;
    faults.push({
      file: shortPath(file),
      line: lineAt(match.index),
      key,
      fault: `there is no wording "${key}"`,
      mend: `add say.${key} in ${source.file}`,
    });
  }
  for (const match of text.matchAll(GOES)) {
    const id = match[1] ?? '';
    if (sources.has(id)) continue;
    const fault = `there is no dialog "${id}" to go to`;
    faults.push({ file: shortPath(file), line: lineAt(match.index), fault, mend: 'name one' });
  }
  return faults;
}

async function at(file: string, text: string, fault: string, mend: string): Promise<FileFault> {
  const lines = (await readFile(file, 'utf8')).split('\n');
  const index = lines.findIndex((l) => l.includes(text));
  return { file: shortPath(file), line: Math.max(index, 0) + 1, fault, mend };
}

function clashes(
  files: ReadonlyMap<string, string>,
  found: ReadonlyMap<string, AuthoredDialog>,
): FileFault[] {
  const owner = new Map<string, string>();
  const faults: FileFault[] = [];
  for (const [id, dialog] of found) {
    for (const intent of intentsOf(dialog)) {
      const other = owner.get(intent);
      if (other === undefined) owner.set(intent, id);
      else {
        faults.push({
          file: shortPath(files.get(id) ?? ''),
          key: 'intents',
          fault: `intent "${intent}" already starts ${other}`,
          mend: 'let one intent start one dialog',
        });
      }
    }
  }
  return faults;
}

function shortPath(file: string): string {
  const short = relative(process.cwd(), file);
  return short.startsWith('..') ? file : short;
}
