/** Puts the parts together, without HTTP: what `npm start`, `chat`, `converse` and the tests share. */
import { join, normalize, resolve } from 'node:path';
import type { Capabilities, ChannelDefinition } from './channel/channel.ts';
import { orderSystem, type OrderClient } from './connector/orders.ts';
import { discoverDialogs, type DiscoveredDialogs } from './dialog/discover.ts';
import { fitFaults, type DialogSource } from './dialog/fit.ts';
import type { DialogWording } from './dialog/ports.ts';
import { DialogRunner, intentsOf, type AuthoredDialog } from './dialog/run.ts';
import type { FileFault } from './errors.ts';
import type { Knowledge } from './knowledge/types.ts';
import { watchKnowledge, type WatchedKnowledge } from './knowledge/watch.ts';
import type { Logger } from './log.ts';
import type { Lang } from './message.ts';
import type { Clock, Store, Unit, Worker } from './store/store.ts';
import type { Parts, TurnMetrics } from './turn/parts.ts';
import { textFaults } from './turn/texts.ts';
import { TurnSignals } from './turn/signals.ts';
import { startTurns, type TurnLimits } from './turn/worker.ts';
import type { Embedder } from './understanding/embedding/embedder.ts';
import { SecondLook } from './understanding/second-look/second-look.ts';
import { loadOrTrain, type TrainingLines } from './understanding/train.ts';
import { Understanding } from './understanding/understanding.ts';

/** Folders of authored files, and where trained models are kept. */
export interface ContentOptions {
  readonly dialogsDir: string;
  readonly knowledgeDir: string;
  readonly modelsDir: string;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Wording keys that channels need. */
  readonly texts?: readonly string[];
  /** Watch the knowledge files and serve changes. Default true. */
  readonly watch?: boolean;
  /** A sentence encoder for a second look, closed with the content. Default: none. */
  readonly embedder?: Promise<Embedder | undefined>;
}

/** Dialogs, knowledge and models: read-only for turns, replaced whole when files change. */
export interface Content {
  readonly knowledge: WatchedKnowledge;
  readonly understanding: Understanding;
  /** Absent where no encoder was asked for. */
  readonly secondLook?: SecondLook;
  readonly dialogs: ReadonlyMap<string, AuthoredDialog>;
  /** Dialog that an intent starts; `dialog.<id>` always starts its own. */
  readonly dialogOf: ReadonlyMap<string, string>;
  stop(): Promise<void>;
}

/**
 * Loads and checks everything authors wrote, and the models for it.
 * @throws FileError with every fault of every file
 */
export async function loadContent(options: ContentOptions): Promise<Content> {
  const { clock, logger } = options;
  const ready: { serve?: (next: Knowledge) => void; found?: DiscoveredDialogs } = {};
  const knowledge = await watchKnowledge({
    dir: normalize(options.knowledgeDir),
    clock,
    logger,
    watch: options.watch ?? true,
    fits: (next) => [
      ...textFaults(next, options.texts ?? []),
      ...(ready.found === undefined ? [] : dialogFaults(next, ready.found)),
    ],
    onChange: (next) => ready.serve?.(next),
  });
  try {
    const first = knowledge.current();
    ready.found = await discoverDialogs(resolve(options.dialogsDir), sourcesOf(first));
    const { dialogs } = ready.found;
    const { dialogOf, intents } = intentsOfAll(dialogs);
    const load = (utterances: TrainingLines, signal?: AbortSignal) =>
      loadOrTrain({
        utterances,
        cacheDir: options.modelsDir,
        logger,
        ...(signal === undefined ? {} : { signal }),
      });
    const recognizer = await load(trainingLines(first, intents));
    const understanding = new Understanding(recognizer, load, logger);
    const secondLook = secondLookOf(options);
    void secondLook?.learn(trainingLines(first, intents), recognizer.version);
    ready.serve = (next) => {
      const lines = trainingLines(next, intents);
      void understanding.update(lines).then((outcome) => {
        if (outcome === 'swapped') void secondLook?.learn(lines, understanding.current.version);
      });
    };
    // An edit while the first model was being trained.
    if (knowledge.current() !== first) ready.serve(knowledge.current());
    return {
      knowledge,
      understanding,
      ...(secondLook === undefined ? {} : { secondLook }),
      dialogs,
      dialogOf,
      async stop() {
        understanding.close();
        await secondLook?.close();
        await knowledge.stop();
      },
    };
  } catch (error) {
    await knowledge.stop();
    throw error;
  }
}

function secondLookOf({
  embedder,
  modelsDir: dir,
  logger,
}: ContentOptions): SecondLook | undefined {
  return embedder === undefined ? undefined : new SecondLook({ embedder, dir, logger });
}

/** Which dialog an intent starts, and which intent the utterances of a knowledge file train. */
function intentsOfAll(dialogs: ReadonlyMap<string, AuthoredDialog>): {
  dialogOf: ReadonlyMap<string, string>;
  intents: ReadonlyMap<string, string>;
} {
  const dialogOf = new Map<string, string>();
  const intents = new Map<string, string>();
  for (const [id, dialog] of dialogs) {
    dialogOf.set(`dialog.${id}`, id);
    for (const intent of intentsOf(dialog)) dialogOf.set(intent, id);
    intents.set(`dialog.${id}`, intentsOf(dialog)[0] ?? id);
  }
  return { dialogOf, intents };
}

/** The training lines of a knowledge version, with the intents that dialogs name. */
function trainingLines(knowledge: Knowledge, intents: ReadonlyMap<string, string>): TrainingLines {
  const lines = (lang: Lang) =>
    knowledge
      .utterances(lang)
      .map(({ text, intent }) => ({ text, intent: intents.get(intent) ?? intent }));
  return { zh: lines('zh'), en: lines('en') };
}

/** What of a new knowledge version does not fit the dialogs in use. */
function dialogFaults(knowledge: Knowledge, { dialogs, said }: DiscoveredDialogs): FileFault[] {
  const sources = sourcesOf(knowledge);
  const strays = [...sources]
    .filter(([id]) => !dialogs.has(id))
    .map(([id, { file }]) => ({
      file,
      fault: `there is no dialog ${id}`,
      mend: 'add its dialog and start again, or remove this file',
    }));
  const unfit = [...dialogs].flatMap(([id, dialog]): FileFault[] => {
    const source = sources.get(id);
    if (source === undefined) {
      const file = `knowledge/dialogs/${id}.yaml`;
      return [{ file, fault: 'is gone while its dialog is in use', mend: 'put it back' }];
    }
    const silent = (said.get(id) ?? [])
      .filter((key) => !source.has(`say.${key}`) && !source.says(key))
      .map((key) => ({
        file: source.file,
        key: `say.${key}`,
        fault: 'is missing while its dialog says it',
        mend: 'add it in zh and en',
      }));
    return [...fitFaults(dialog, source), ...silent];
  });
  return [...strays, ...unfit];
}

function sourcesOf(knowledge: Knowledge): ReadonlyMap<string, DialogSource> {
  return new Map(
    [...knowledge.dialogs].map(([id, d]) => [
      id,
      {
        file: d.file,
        wording: d,
        has: (key: string) => knowledge.hasText(`${id}.${key}`),
        says: (key: string) => knowledge.hasText(key),
        placeholders: (key: string) => knowledge.placeholders(`${id}.${key}`),
        line: (key: string) => d.line(key),
      },
    ]),
  );
}

const NO_WORDING: DialogWording = { choices: {}, labels: {} };

/** What an engine runs on. */
export interface EngineOptions {
  readonly content: Content;
  readonly store: Store;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly orders: OrderClient;
  readonly channels: ReadonlyMap<
    string,
    Pick<ChannelDefinition, 'name' | 'render'> & { capabilities: Capabilities }
  >;
  onDuty(now: number): boolean;
  readonly metrics?: TurnMetrics;
  readonly limits?: TurnLimits;
  /** Called with what each turn committed. */
  onTurn?(unit: Unit): void;
  /** Where ends of turns are told; one is made where none is given. */
  readonly signals?: TurnSignals;
}

/** Turns running on a store. */
export interface Engine {
  readonly parts: Parts;
  readonly signals: TurnSignals;
  readonly turns: Worker;
}

/** Starts to run turns. */
export function startEngine(options: EngineOptions): Engine {
  const { content, store, clock, logger } = options;
  const orders = orderSystem(options.orders);
  const signals = options.signals ?? new TurnSignals();
  const parts: Parts = {
    store,
    clock,
    logger,
    dialogs: new DialogRunner(content.dialogs.values()),
    dialogOf: content.dialogOf,
    knowledge: () => content.knowledge.current(),
    wordingOf: (knowledge, dialog) => knowledge.dialogs.get(dialog) ?? NO_WORDING,
    recognize: (text, lang) => content.understanding.recognize(text, lang).ranked,
    ...lookAgainOf(content),
    connectors: (key) => ({ orders: orders.forTurn(key) }),
    channels: options.channels,
    onDuty: (now) => options.onDuty(now),
    metrics: options.metrics ?? { turn: () => undefined, dead: () => undefined },
    ended(conversation, inbound, unit) {
      options.onTurn?.(unit);
      signals.ended(conversation, inbound);
    },
  };
  return { parts, signals, turns: startTurns(parts, options.limits) };
}

function lookAgainOf({ secondLook, understanding }: Content): Pick<Parts, 'lookAgain'> {
  if (secondLook === undefined) return {};
  return {
    lookAgain(text, lang, ranked) {
      const { version } = understanding.current;
      if (!secondLook.wanted(text, lang, ranked, version)) return undefined;
      return async () => (await secondLook.again(text, lang, ranked, version))?.ranked;
    },
  };
}

/** Where trained models are kept. */
export function modelsDir(dataDir: string): string {
  return join(dataDir, 'models');
}
