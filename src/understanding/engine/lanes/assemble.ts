/** The loops that training spends its time in, as a WebAssembly module: 16 intents at a time, 4 an instruction. */

type Code = readonly number[];

/** An unsigned number as the format writes it: 7 bits a byte, the last without the top bit. */
function leb(value: number): Code {
  return value < 128 ? [value] : [(value & 127) | 128, ...leb(value >>> 7)];
}

const sized = (code: Code): Code => [...leb(code.length), ...code];
const listed = (items: readonly Code[]): Code => [...leb(items.length), ...items.flat()];
const named = (name: string): Code => sized([...Buffer.from(name)]);
const section = (id: number, code: Code): Code => [id, ...sized(code)];

const I32 = 0x7f;
const V128 = 0x7b;
const END = 0x0b;

const get = (local: number): Code => [0x20, local];
const set = (local: number): Code => [0x21, local];
const constant = (value: number): Code => [0x41, value];
const RETURN = [0x0f];
const I32_ADD = [0x6a];
const I32_EQZ = [0x45];
/** At least, without signs: an end was reached. */
const I32_GE = [0x4f];
const I32_LOAD = [0x28, 2, 0];
const load = (offset: number): Code => [0xfd, 0x00, 2, offset];
const store = (offset: number): Code => [0xfd, 0x0b, 2, offset];
/** One number of the memory four times. */
const SPREAD = [0xfd, 0x09, 2, 0];
const ANY = [0xfd, 0x53];
const AND = [0xfd, 0x4e];
const OR = [0xfd, 0x50];
const GREATER = [0xfd, 0x44];
const ABS = [0xfd, 0xe0, 0x01];
const ADD = [0xfd, 0xe4, 0x01];
const SUB = [0xfd, 0xe5, 0x01];
const MUL = [0xfd, 0xe6, 0x01];
const MAX = [0xfd, 0xe9, 0x01];

/** Byte offsets of the four quarters of 16 numbers. */
const QUARTERS = [0, 16, 32, 48];

/** Parameters that all functions begin with: a line's features (byte offsets of rows), their end, their values, the rows. */
const IDS = 0;
const END_OF_IDS = 1;
const VALUES = 2;
const ROWS = 3;

/** Moves a pointer on by 4 bytes. */
const advance = (local: number): Code => [...get(local), ...constant(4), ...I32_ADD, ...set(local)];

/** Repeats for each feature of the line, with the address of its row in `row` and its value in `value`. */
function eachFeature(
  { ids, values }: { readonly ids: number; readonly values: number },
  { row, value }: { readonly row: number; readonly value: number },
  body: Code,
): Code {
  return [
    ...[0x02, 0x40, 0x03, 0x40], // block, loop
    ...[...get(ids), ...get(END_OF_IDS), ...I32_GE, 0x0d, 1], // leave both
    ...[...get(ROWS), ...get(ids), ...I32_LOAD, ...I32_ADD, ...set(row)],
    ...[...get(values), ...SPREAD, ...set(value)],
    ...body,
    ...advance(ids),
    ...advance(values),
    ...[0x0c, 0, END, END],
  ];
}

/** Adds the rows, each times its value, to `sums`, four locals. */
const gather = (row: number, value: number, sums: readonly number[]): Code =>
  QUARTERS.flatMap((at, q) => {
    const sum = sums[q] ?? 0;
    const product = [...get(value), ...get(row), ...load(at), ...MUL];
    return [...get(sum), ...product, ...ADD, ...set(sum)];
  });

/** Adds `steps`, four locals, times the value to each row. */
const scatter = (row: number, value: number, steps: readonly number[]): Code =>
  QUARTERS.flatMap((at, q) => [
    ...get(row),
    ...[...get(row), ...load(at)],
    ...[...get(value), ...get(steps[q] ?? 0), ...MUL, ...ADD],
    ...store(at),
  ]);

interface Body {
  readonly parameters: number;
  readonly result: boolean;
  readonly locals: readonly (readonly [count: number, type: number])[];
  readonly code: Code;
}

/** sum(ids, end, values, rows, out) */
function sum(): Body {
  const out = 4;
  const row = 5;
  const sums = [6, 7, 8, 9];
  const value = 10;
  return {
    parameters: 5,
    result: false,
    locals: [
      [1, I32],
      [5, V128],
    ],
    code: [
      ...eachFeature({ ids: IDS, values: VALUES }, { row, value }, gather(row, value, sums)),
      ...QUARTERS.flatMap((at, q) => [...get(out), ...get(sums[q] ?? 0), ...store(at)]),
    ],
  };
}

/** add(ids, end, values, rows, steps) */
function add(): Body {
  const from = 4;
  const row = 5;
  const steps = [6, 7, 8, 9];
  const value = 10;
  return {
    parameters: 5,
    result: false,
    locals: [
      [1, I32],
      [5, V128],
    ],
    code: [
      ...QUARTERS.flatMap((at, q) => [...get(from), ...load(at), ...set(steps[q] ?? 0)]),
      ...eachFeature({ ids: IDS, values: VALUES }, { row, value }, scatter(row, value, steps)),
    ],
  };
}

/** descend(ids, end, values, rows, signs, alphas, squares, settings) */
function descend(): Body {
  const [signs, alphas, squares, settings] = [4, 5, 6, 7];
  const [ids, values, row] = [8, 9, 10];
  const sums = [11, 12, 13, 14];
  const [value, before, moved, off, square, inverse] = [15, 16, 17, 18, 19, 20];
  const setting = (at: number): Code => [...get(settings), ...load(at)];
  const ofQuarter = (at: number, q: number): Code => {
    const step = sums[q] ?? 0;
    return [
      ...[...get(alphas), ...load(at), ...set(before)],
      // How far the dual gradient lets this number go: never below 0.
      ...[...get(before)],
      ...[...get(step), ...get(signs), ...load(at), ...MUL],
      ...[...setting(0), ...SUB, ...setting(16), ...get(before), ...MUL, ...ADD],
      ...[...get(inverse), ...MUL, ...SUB],
      ...[...setting(32), ...MAX, ...get(before), ...SUB, ...set(step)],
      // Steps too small to matter are none.
      ...[...get(step), ...ABS, ...get(square), ...MUL, ...set(off)],
      ...[...get(off), ...setting(48), ...GREATER, ...get(step), ...AND, ...set(step)],
      ...[...get(settings), ...setting(64), ...get(off), ...MAX, ...store(64)],
      ...[...get(alphas), ...get(before), ...get(step), ...ADD, ...store(at)],
      ...[...get(moved), ...get(step), ...OR, ...set(moved)],
      ...[...get(step), ...get(signs), ...load(at), ...MUL, ...set(step)],
    ];
  };
  return {
    parameters: 8,
    result: true,
    locals: [
      [3, I32],
      [10, V128],
    ],
    code: [
      ...[...get(IDS), ...set(ids), ...get(VALUES), ...set(values)],
      ...[...get(squares), ...SPREAD, ...set(square)],
      ...[...get(squares), ...constant(4), ...I32_ADD, ...SPREAD, ...set(inverse)],
      ...eachFeature({ ids, values }, { row, value }, gather(row, value, sums)),
      ...QUARTERS.flatMap(ofQuarter),
      ...[...get(moved), ...ANY, ...I32_EQZ, 0x04, 0x40, ...constant(0), ...RETURN, END],
      ...eachFeature({ ids: IDS, values: VALUES }, { row, value }, scatter(row, value, sums)),
      ...constant(1),
    ],
  };
}

const FUNCTIONS: Readonly<Record<string, Body>> = { sum: sum(), add: add(), descend: descend() };

/** The module; it imports its memory as `lanes.memory`. */
export function assemble(pages: number): Uint8Array<ArrayBuffer> {
  const bodies = Object.values(FUNCTIONS);
  const types = bodies.map(({ parameters, result }) => [
    0x60,
    ...listed(Array.from({ length: parameters }, () => [I32])),
    ...listed(result ? [[I32]] : []),
  ]);
  const memory = [...named('lanes'), ...named('memory'), 0x02, 0x00, ...leb(pages)];
  const code = bodies.map(({ locals, code }) =>
    sized([...listed(locals.map(([count, type]) => [count, type])), ...code, END]),
  );
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
    ...section(1, listed(types)),
    ...section(2, listed([memory])),
    ...section(3, listed(bodies.map((_, i) => leb(i)))),
    ...section(7, listed(Object.keys(FUNCTIONS).map((name, i) => [...named(name), 0x00, i]))),
    ...section(10, listed(code)),
  ]);
}
