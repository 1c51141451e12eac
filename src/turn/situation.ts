import type { DialogRunner } from '../dialog/run.ts';
import type { LooseSpec } from '../dialog/define.ts';
import type { Said, Waiting } from '../dialog/read-slot.ts';
import type { DialogWording } from '../dialog/ports.ts';
import type { Inbound } from '../message.ts';
import type { Lexicon } from '../text/entities/lexicon.ts';
import type { Session } from './session.ts';
import type { Understood } from './understand.ts';

/** What deciding looks at. */
export interface Situation {
  readonly inbound: Inbound;
  readonly said: Said;
  readonly session: Session;
  readonly understood: Understood;
  /** The dialog that waits for an answer. */
  readonly active?: { readonly id: string; readonly waiting?: Waiting };
  readonly dialogs: Pick<DialogRunner, 'has'>;
  readonly dialogOf: ReadonlyMap<string, string>;
  specOf(dialog: string): { spec: LooseSpec; wording: DialogWording } | undefined;
  /** Things that have names, from `knowledge/lexicon.yaml`. */
  readonly lexicon: Lexicon;
  /** Names of a dialog's task, in both languages. */
  namesOf(dialog: string): readonly string[];
  readonly thresholds: { readonly answer: number; readonly suggest: number };
}
