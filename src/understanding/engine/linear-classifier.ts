import { Defect } from '../../errors.ts';
import type { Activations, Classifier } from '../classify.ts';
import { Vocabulary, type Scales } from './vocabulary.ts';

/** What {@link pack} makes bytes of. */
export interface Unpacked {
  readonly temperature: number;
  readonly doubt: number;
  readonly scales: Scales;
  readonly intents: readonly string[];
  readonly features: readonly string[];
  readonly idf: Float32Array;
  /** Gives the weights of a feature, intent by intent; the bias is the one behind the last feature. */
  readonly weightsOf: (feature: number) => ArrayLike<number>;
}

/** Header of the packed bytes; the arrays follow it, each at a multiple of 8 bytes. */
interface Header {
  readonly temperature: number;
  readonly doubt: number;
  readonly scales: Scales;
  readonly intents: readonly string[];
  readonly features: number;
  /** Bytes of the features' names, parted by line feeds. */
  readonly names: number;
}

const align = (n: number): number => (n + 7) & ~7;

/** Where each array begins, from the header and its length alone. */
function layout(header: Header, headerLength: number) {
  const names = 4 + headerLength;
  const idf = align(names + header.names);
  const sizes = align(idf + 4 * header.features);
  const weights = align(sizes + 4 * (header.features + 1));
  return {
    names,
    idf,
    sizes,
    weights,
    end: align(weights + (header.features + 1) * header.intents.length),
  };
}

/**
 * The classifier as bytes, one a weight: each feature's weights in parts of its largest, a quarter of
 * what 4 bytes a weight would take.
 */
export function pack({
  temperature,
  doubt,
  scales,
  intents,
  features,
  idf,
  weightsOf,
}: Unpacked): Uint8Array {
  const count = intents.length;
  if (features.some((feature) => feature.includes('\n')))
    throw new Defect('A feature has two lines');
  const names = Buffer.from(features.join('\n'));
  const header: Header = {
    temperature,
    doubt,
    scales,
    intents,
    features: features.length,
    names: names.length,
  };
  const json = Buffer.from(JSON.stringify(header));
  const at = layout(header, json.length);
  const bytes = new Uint8Array(at.end);
  new DataView(bytes.buffer).setUint32(0, json.length, true);
  bytes.set(json, 4);
  bytes.set(names, at.names);
  new Float32Array(bytes.buffer, at.idf, features.length).set(idf);
  const sizes = new Float32Array(bytes.buffer, at.sizes, features.length + 1);
  const small = new Int8Array(bytes.buffer, at.weights, sizes.length * count);
  for (let f = 0; f < sizes.length; f += 1) {
    const weights = weightsOf(f);
    let largest = 0;
    for (let k = 0; k < count; k += 1) largest = Math.max(largest, Math.abs(weights[k] ?? 0));
    const scale = largest / 127;
    sizes[f] = scale;
    if (scale === 0) continue;
    for (let k = 0; k < count; k += 1) small[f * count + k] = Math.round((weights[k] ?? 0) / scale);
  }
  return bytes;
}

/** A linear classifier from {@link pack}'s bytes. Nothing of node-nlp is needed to run it. */
export class LinearClassifier implements Classifier {
  readonly intents: readonly string[];
  readonly temperature: number;
  readonly doubt: number;
  readonly #vocabulary: Vocabulary;
  readonly #sizes: Float32Array;
  readonly #weights: Int8Array;

  /** @param bytes whole: whoever read them from a disk has checked their sum */
  constructor(bytes: Uint8Array) {
    const own = bytes.byteOffset % 8 === 0 ? bytes : new Uint8Array(bytes);
    const { buffer, byteOffset } = own;
    const length = new DataView(buffer, byteOffset).getUint32(0, true);
    const header = JSON.parse(Buffer.from(buffer, byteOffset + 4, length).toString()) as Header;
    const at = layout(header, length);
    const names = Buffer.from(buffer, byteOffset + at.names, header.names).toString();
    const idf = new Float32Array(buffer, byteOffset + at.idf, header.features);
    this.intents = header.intents;
    this.temperature = header.temperature;
    this.doubt = header.doubt;
    this.#vocabulary = new Vocabulary(names === '' ? [] : names.split('\n'), idf, header.scales);
    this.#sizes = new Float32Array(buffer, byteOffset + at.sizes, header.features + 1);
    this.#weights = new Int8Array(
      buffer,
      byteOffset + at.weights,
      this.#sizes.length * header.intents.length,
    );
  }

  activations(terms: readonly string[]): Activations {
    const { features, values, known } = this.#vocabulary.vector([...new Set(terms)]);
    const sums = new Float64Array(this.intents.length);
    this.#add(sums, this.#vocabulary.size, 1);
    features.forEach((feature, i) => this.#add(sums, feature, values[i] ?? 0));
    return { values: sums, known };
  }

  #add(sums: Float64Array, feature: number, value: number): void {
    const from = feature * sums.length;
    const scaled = value * (this.#sizes[feature] ?? 0);
    for (let k = 0; k < sums.length; k += 1) {
      sums[k] = (sums[k] ?? 0) + scaled * (this.#weights[from + k] ?? 0);
    }
  }
}
