import { defineDialog, done, text } from '../../../../src/dialog/index.ts';

export default defineDialog({
  id: 'bench-survey',
  intents: ['bench.survey'],
  slots: { name: text(), city: text(), product: text(), colour: text(), note: text() },
  complete: ({ values }) => done('thanks', { ...values }),
});
