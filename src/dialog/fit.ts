/** Whether a dialog and its knowledge file fit together. Asked at the start and at every reload. */
import type { FileFault } from '../errors.ts';
import type { LooseSpec } from './define.ts';
import type { DialogWording } from './ports.ts';
import { idOf, type AuthoredDialog } from './run.ts';

/** The knowledge side of a dialog, as far as checking needs it. Keys are without the dialog's id. */
export interface DialogSource {
  readonly file: string;
  readonly wording: DialogWording;
  has(key: string): boolean;
  /** Whether `knowledge/wording.yaml` or any dialog has a text under this full key. */
  says(key: string): boolean;
  /** Names of the placeholders of a text. */
  placeholders(key: string): readonly string[];
  line(key: string): number | undefined;
}

/** Every question, label and choice is there, and no question wants a value that nothing gives it. */
export function fitFaults(dialog: AuthoredDialog, source: DialogSource): FileFault[] {
  const at = (near: string, key: string, fault: string, mend: string): FileFault => {
    const line = source.line(near) ?? source.line('slots');
    return { file: source.file, ...(line === undefined ? {} : { line }), key, fault, mend };
  };
  if (dialog.kind === 'dropped') return [];
  const id = idOf(dialog);
  const { spec } = dialog;
  const strays = Object.keys(source.wording.labels)
    .filter((slot) => !(slot in spec.slots))
    .map((slot) =>
      at(
        `slots.${slot}`,
        `slots.${slot}`,
        `is no slot of ${id}.ts`,
        'remove it, or add it to the dialog',
      ),
    );
  const wanted = Object.keys(spec.slots).flatMap((slot) => {
    const path = `slots.${slot}`;
    const missing = ['ask', 'label']
      .filter((key) => !source.has(`${path}.${key}`))
      .map((key) => at(path, `${path}.${key}`, 'is missing', 'add it in zh and en'));
    const unknown = unknownNames(spec, source, `${path}.ask`).map((name) =>
      at(
        `${path}.ask`,
        `${path}.ask`,
        `{${name}} is no slot of ${id}.ts`,
        'use the name of a slot, or give it in vars',
      ),
    );
    return [...missing, ...unknown, ...choiceFaults(slot)];
  });
  return [...strays, ...wanted];

  function choiceFaults(slot: string): FileFault[] {
    const path = `slots.${slot}.choices`;
    const given = Object.keys(source.wording.choices[slot] ?? {});
    const wanted = spec.slots[slot]?.values ?? [];
    return [
      ...wanted
        .filter((v) => !given.includes(v))
        .map((v) =>
          at(`slots.${slot}`, `${path}.${v}`, 'is missing', 'add its title in zh and en'),
        ),
      ...given
        .filter((v) => !wanted.includes(v))
        .map((v) =>
          at(
            `${path}.${v}`,
            `${path}.${v}`,
            `is not a choice of ${id}.ts`,
            'remove it, or add it to the slot',
          ),
        ),
    ];
  }
}

/** Placeholders that no slot fills. With `vars` the author may give any. */
function unknownNames(spec: LooseSpec, source: DialogSource, key: string): readonly string[] {
  if (spec.vars !== undefined) return [];
  return source.placeholders(key).filter((name) => !(name in spec.slots));
}
