/** The few declarations of node-nlp 4.27.0 and its parts that are used; they ship no types. */

declare module '@nlpjs/neural' {
  /** A message as the network sees it: values by the index of the feature. */
  export interface NetworkInput {
    readonly keys: readonly number[];
    readonly data: Readonly<Record<number, number>>;
  }
  export interface Perceptron {
    readonly name: string;
    readonly id: number;
    readonly weights: Float32Array;
    readonly changes: Float32Array;
    bias: number;
  }
  export interface NetworkSettings {
    learningRate?: number;
    momentum?: number;
    alpha?: number;
    iterations?: number;
    log?: boolean;
  }
  export interface Sample {
    readonly input: NetworkInput;
    readonly output: { readonly data: Readonly<Record<number, number>> };
  }
  export class NeuralNetwork {
    constructor(settings?: NetworkSettings);
    readonly settings: Required<NetworkSettings>;
    readonly decayLearningRate: number;
    readonly perceptrons: readonly Perceptron[];
    readonly lookup: {
      readonly inputLookup: { readonly items: readonly string[] };
      readonly outputLookup: { readonly items: readonly string[] };
    };
    prepareCorpus(corpus: readonly unknown[]): readonly Sample[];
    trainPerceptron(perceptron: Perceptron, data: readonly Sample[]): number;
    train(corpus: readonly unknown[]): { readonly iterations: number };
    run(input: Readonly<Record<string, number>>): Readonly<Record<string, number>> | undefined;
    toJSON(): object;
    fromJSON(json: object): void;
  }
}

declare module '@nlpjs/nlu' {
  export interface TrainInput {
    readonly corpus: readonly {
      readonly input: Readonly<Record<string, number>>;
      readonly output: Readonly<Record<string, number>>;
    }[];
    readonly settings: object;
    status?: unknown;
  }
  /** The intent classifier that node-nlp makes one of for each language. */
  export class NluNeural {
    constructor(settings: Readonly<Record<string, unknown>>);
    readonly neuralNetwork?: import('@nlpjs/neural').NeuralNetwork;
    /** What it makes of an utterance: its features. */
    prepare(utterance: string): Promise<Readonly<Record<string, number>>>;
    innerTrain(input: TrainInput): Promise<TrainInput>;
    train(
      corpus: readonly { readonly utterance: string; readonly intent: string }[],
      settings: object,
    ): Promise<unknown>;
  }
}

declare module 'node-nlp' {
  export class NlpManager {
    constructor(settings: {
      languages?: readonly string[];
      forceNER?: boolean;
      autoSave?: boolean;
      autoLoad?: boolean;
      nlu?: Readonly<Record<string, unknown>>;
    });
    addDocument(locale: string, utterance: string, intent: string): void;
    train(): Promise<unknown>;
    process(
      locale: string,
      utterance: string,
    ): Promise<{
      readonly classifications: readonly { readonly intent: string; readonly score: number }[];
    }>;
    export(minified?: boolean): string;
  }
}
