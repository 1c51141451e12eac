/** Entry of a process that measures one contender on one labelled set, answers once, and ends. */
import { messageOf } from '../../errors.ts';
import { OUT_OF_SCOPE } from '../../understanding/classify.ts';
import type { Contender } from './contender.ts';
import { oursAsConfigured } from './embeddings.ts';
import { crossValidate, evaluate } from './evaluate.ts';
import { langOfLines } from './files.ts';
import { readLabelled } from './labelled-file.ts';
import { reliability } from './metrics.ts';
import type { ContenderName, SetAnswer, SetJob } from './sets.ts';

async function contenderOf(name: ContenderName): Promise<Contender> {
  if (name === 'ours') return oursAsConfigured();
  const { nodeNlp, nodeNlpConfigured } = await import('./node-nlp.ts');
  return name === 'node-nlp' ? nodeNlp : nodeNlpConfigured;
}

async function run({ set, contender: name }: SetJob): Promise<SetAnswer> {
  const contender = await contenderOf(name);
  const train = await readLabelled(set.train);
  const lang = langOfLines(train);
  const now = () => performance.now();
  const { report, tested, trainCpuSeconds, peakRssMib } =
    set.valid === undefined
      ? await crossValidate(contender, lang, train, now)
      : await evaluate(contender, lang, train, await readLabelled(set.valid), now);
  return {
    kind: 'done',
    about: {
      name: set.name,
      lang,
      split: set.valid === undefined ? 'cross-validation' : 'validation',
      trainLines: train.length,
      intents: new Set(train.map((l) => l.intent).filter((i) => i !== OUT_OF_SCOPE)).size,
    },
    result: {
      accuracy: report.accuracy,
      macroF1: report.macroF1,
      ece: report.ece,
      ...(report.oos === undefined ? {} : { oos: report.oos }),
      trainSeconds: report.trainSeconds,
      predictP50Ms: report.predictP50Ms,
      predictP99Ms: report.predictP99Ms,
      modelBytes: report.modelBytes,
      samples: report.samples,
      trainCpuSeconds,
      peakRssMib,
      reliability: reliability(tested, OUT_OF_SCOPE),
    },
  };
}

process.once('message', (job: SetJob) => {
  void run(job)
    .catch((error: unknown): SetAnswer => ({ kind: 'failed', message: messageOf(error) }))
    .then((answer) => process.send?.(answer, () => process.disconnect()));
});
