import { defineDialog, done, phone } from '../../../../src/dialog/index.ts';

export default defineDialog({
  id: 'bench-receipt',
  intents: ['bench.receipt'],
  slots: { code: phone() },
  async complete({ values, say }) {
    const { code } = values;
    if (!/[05]$/u.test(code)) return done('got', { code });
    await say('got', { code });
    return done('terms', { code });
  },
});
