import type { FaultCollector, Source } from './faults.ts';
import { lineOf } from './faults.ts';
import { commandsFile, dialogFile } from './schema.ts';
import type { DialogFile } from './schema.ts';
import { addDialogTexts } from './texts.ts';
import type { Texts } from './texts.ts';
import type { DialogKnowledge } from './types.ts';

type Commands = ReadonlyMap<string, DialogKnowledge['utterances']>;

function toKnowledge(source: Source, file: DialogFile): DialogKnowledge {
  const slots = Object.entries(file.slots);
  return {
    file: source.file,
    utterances: file.utterances,
    labels: Object.fromEntries(slots.map(([slot, { label }]) => [slot, label])),
    choices: Object.fromEntries(slots.map(([slot, { choices }]) => [slot, choices])),
    line: (key) => lineOf(source.text, key.split('.')),
  };
}

/** Reads the files of `dialogs/`; their texts go to `texts`. */
export function readDialogs(
  sources: ReadonlyMap<string, Source>,
  texts: Texts,
  faults: FaultCollector,
): ReadonlyMap<string, DialogKnowledge> {
  const dialogs = new Map<string, DialogKnowledge>();
  for (const [id, source] of sources) {
    const file = faults.check(source, dialogFile, source.value);
    if (file === undefined) continue;
    addDialogTexts(texts, id, file);
    dialogs.set(id, toKnowledge(source, file));
  }
  return dialogs;
}

/** Reads `commands.yaml`: what can be said at any time, by the command's name. */
export function readCommands(source: Source, faults: FaultCollector): Commands {
  const file = faults.check(source, commandsFile, source.value);
  const commands = new Map<string, DialogKnowledge['utterances']>();
  for (const [name, command] of Object.entries(file ?? {})) {
    if (command !== undefined) commands.set(name, command.utterances);
  }
  return commands;
}
