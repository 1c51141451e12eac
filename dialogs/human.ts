import { defineDialog, handoff } from '../src/dialog/index.ts';

export default defineDialog({
  id: 'human',
  intents: ['human'],
  slots: {},
  complete: () => handoff('asked'),
});
