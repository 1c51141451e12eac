/** How a dialog, or a check in it, ends. */

/** Values for placeholders. */
export type Vars = Readonly<Record<string, string | number>>;

/** What `complete` (or a step) returns. */
export type Outcome =
  | { readonly kind: 'done'; readonly key?: string; readonly vars?: Vars }
  | { readonly kind: 'handoff'; readonly reason: string }
  | { readonly kind: 'goTo'; readonly dialog: string };

/** What `check` returns for a value that won't do. */
export type Verdict =
  | { readonly kind: 'retry'; readonly key: string; readonly vars?: Vars }
  | { readonly kind: 'stop'; readonly key: string; readonly vars?: Vars };

/** Ends the dialog; with a key, that wording of the dialog is its last word. */
export function done(key?: string, vars?: Vars): Outcome {
  return {
    kind: 'done',
    ...(key === undefined ? {} : { key }),
    ...(vars === undefined ? {} : { vars }),
  };
}

/** Ends the dialog and passes the conversation to a person; a ticket where nobody is on duty. */
export function handoff(reason: string): Outcome {
  return { kind: 'handoff', reason };
}

/** Ends the dialog and starts another. */
export function goTo(dialog: string): Outcome {
  return { kind: 'goTo', dialog };
}

/** The value won't do: says why and asks again. It counts as a failed answer. */
export function retry(key: string, vars?: Vars): Verdict {
  return { kind: 'retry', key, ...(vars === undefined ? {} : { vars }) };
}

/** The dialog can't go on with this value: says why and ends. */
export function stop(key: string, vars?: Vars): Verdict {
  return { kind: 'stop', key, ...(vars === undefined ? {} : { vars }) };
}
