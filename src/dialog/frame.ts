import type { Json } from '../store/store.ts';
import type { LooseSpec, LooseStep } from './define.ts';
import type { OfferedChoice } from './slots/slot.ts';

/**
 * Where a conversation stands inside one dialog. It lives in the dialog's own Bot Framework state, so
 * a paused dialog keeps it. Steps are remembered by name and type, never by number: a file that
 * changed meanwhile goes on with what still fits.
 */
export interface Frame {
  dialog: string;
  /** `slot:type` and step names of the version that wrote this. */
  steps: string[];
  values: Record<string, Json>;
  /** Slots whose value passed `check`. */
  checked: string[];
  /** Function steps that have run. */
  ran: string[];
  /** The slot that was asked last. */
  slot?: string;
  /** Failed answers to that slot in a row. */
  failed: number;
  /** Choices made for this question only (the orders of a phone number). */
  offered?: OfferedChoice[];
  /** The bot's last question was not the slot's but this. */
  offering?: 'resume' | 'person';
  /** The slot filled last: what "that was wrong" means. */
  last?: string;
  /** Phones named before an order was asked for, by slot. */
  phones?: Record<string, string>;
}

/** Name of a step in stored state. */
export function stepName(spec: LooseSpec, step: LooseStep): string {
  return typeof step === 'string' ? `${step}:${spec.slots[step]?.type ?? ''}` : step.name;
}

/** The steps of a dialog: its own list, or each slot in order. */
export function stepsOf(spec: LooseSpec): readonly LooseStep[] {
  return spec.steps ?? Object.keys(spec.slots);
}

/** A fresh frame, with what the first message already told. */
export function newFrame(spec: LooseSpec, values: Readonly<Record<string, Json>>): Frame {
  return {
    dialog: spec.id,
    steps: stepsOf(spec).map((s) => stepName(spec, s)),
    values: { ...values },
    checked: [],
    ran: [],
    failed: 0,
  };
}

/** Whether the dialog's file changed its steps since the frame was written. */
export function isStale(spec: LooseSpec, frame: Frame): boolean {
  const now = stepsOf(spec).map((s) => stepName(spec, s));
  return now.length !== frame.steps.length || now.some((s, i) => s !== frame.steps[i]);
}

/**
 * Brings a frame to the present steps: values of slots that still exist with the same type stay, the
 * rest goes. Returns whether the slot that was being asked is still there.
 */
export function migrate(spec: LooseSpec, frame: Frame): boolean {
  const before = new Set(frame.steps);
  const now = stepsOf(spec).map((s) => stepName(spec, s));
  for (const name of Object.keys(frame.values)) {
    const step = `${name}:${spec.slots[name]?.type ?? '?'}`;
    if (!before.has(step) || !now.includes(step)) Reflect.deleteProperty(frame.values, name);
  }
  frame.steps = now;
  frame.checked = [];
  frame.ran = frame.ran.filter((r) => now.includes(r));
  const asked = frame.slot;
  const kept = asked !== undefined && before.has(`${asked}:${spec.slots[asked]?.type ?? '?'}`);
  if (!kept) {
    delete frame.slot;
    delete frame.offered;
    frame.failed = 0;
  }
  return kept;
}

/** Slots that hang on `slot`: their condition reads it, or they say so. Followed to the end. */
export function dependents(spec: LooseSpec, slot: string): Set<string> {
  const found = new Set<string>();
  const queue = [slot];
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    for (const name of Object.keys(spec.slots)) {
      if (found.has(name) || name === slot) continue;
      if (spec.dependsOn?.[name]?.includes(next) === true || conditionReads(spec, name).has(next)) {
        found.add(name);
        queue.push(name);
      }
    }
  }
  return found;
}

const reads = new WeakMap<LooseSpec, Map<string, Set<string>>>();

function conditionReads(spec: LooseSpec, slot: string): Set<string> {
  return reads.get(spec)?.get(slot) ?? new Set();
}

/** Whether a slot's condition holds. What the condition reads is noted as what the slot depends on. */
export function applies(spec: LooseSpec, slot: string, values: Record<string, Json>): boolean {
  const condition = spec.when?.[slot];
  if (condition === undefined) return true;
  const bySlot = reads.get(spec) ?? new Map<string, Set<string>>();
  reads.set(spec, bySlot);
  const seen = bySlot.get(slot) ?? new Set<string>();
  bySlot.set(slot, seen);
  const watched = new Proxy(values, {
    get(target, key) {
      if (typeof key === 'string') seen.add(key);
      return Reflect.get(target, key) as unknown;
    },
  });
  return condition(watched);
}

/**
 * Takes a value for a slot, or takes it away (`undefined`), and drops what hangs on it. Later slots
 * keep their values but are checked again.
 */
export function setValue(
  spec: LooseSpec,
  frame: Frame,
  slot: string,
  value: Json | undefined,
): void {
  for (const name of dependents(spec, slot)) Reflect.deleteProperty(frame.values, name);
  if (value === undefined) Reflect.deleteProperty(frame.values, slot);
  else frame.values[slot] = value;
  const order = Object.keys(spec.slots);
  const place = order.indexOf(slot);
  frame.checked = frame.checked.filter((s) => order.indexOf(s) < place);
  const steps = stepsOf(spec);
  const stepPlace = steps.indexOf(slot);
  const later = new Set(
    steps.slice(Math.max(stepPlace, 0)).map((s) => (typeof s === 'string' ? s : s.name)),
  );
  frame.ran = frame.ran.filter((r) => !later.has(r));
}
