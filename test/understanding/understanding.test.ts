import { expect } from 'chai';
import { Writable } from 'node:stream';
import { OutsideError } from '../../src/errors.ts';
import { createLogger } from '../../src/log.ts';
import { Recognizer } from '../../src/understanding/recognizer.ts';
import type { TrainingLines } from '../../src/understanding/train.ts';
import { Understanding, type Load } from '../../src/understanding/understanding.ts';

const NO_LINES: TrainingLines = { zh: [], en: [] };

/** A training that ends when the test says so. */
interface Training {
  readonly signal: AbortSignal;
  done(recognizer: Recognizer): void;
  fail(error: unknown): void;
}

describe('Understanding', () => {
  const first = new Recognizer({});
  let trainings: Training[];
  let logged: string;
  let understanding: Understanding;

  beforeEach(() => {
    trainings = [];
    logged = '';
    const load: Load = (_lines, signal) =>
      new Promise((done, fail) => trainings.push({ signal, done, fail }));
    const sink = new Writable({
      write(chunk: Buffer, _encoding, next) {
        logged += chunk.toString();
        next();
      },
    });
    understanding = new Understanding(first, load, createLogger('info', sink));
  });

  it('serves the old recognizer until the new one is whole', async () => {
    const next = new Recognizer({});
    const update = understanding.update(NO_LINES);
    expect(understanding.current).to.equal(first);
    trainings[0]!.done(next);
    expect(await update).to.equal('swapped');
    expect(understanding.current).to.equal(next);
    expect(understanding.recognize('我要退货', 'zh').rejected).to.equal(true);
  });

  it('ends an older training for a newer one, whichever is done first', async () => {
    const newer = new Recognizer({});
    const one = understanding.update(NO_LINES);
    const two = understanding.update(NO_LINES);
    expect(trainings[0]!.signal.aborted).to.equal(true);
    trainings[1]!.done(newer);
    trainings[0]!.done(new Recognizer({}));
    expect(await Promise.all([one, two])).to.deep.equal(['superseded', 'swapped']);
    expect(understanding.current).to.equal(newer);
  });

  it('serves on and logs where training fails', async () => {
    const update = understanding.update(NO_LINES);
    trainings[0]!.fail(new OutsideError('training', 'out of memory', { retryable: true }));
    expect(await update).to.equal('failed');
    expect(understanding.current).to.equal(first);
    expect(logged).to.contain('out of memory');
  });

  it('ends the training when it is closed', async () => {
    const update = understanding.update(NO_LINES);
    understanding.close();
    expect(trainings[0]!.signal.aborted).to.equal(true);
    trainings[0]!.fail(new OutsideError('training', 'closed', { retryable: true }));
    expect(await update).to.equal('superseded');
    expect(logged).to.equal('');
  });
});
