import { defineDialog, done } from '../../../../src/dialog/index.ts';

/** Ends the process from inside a turn, as a native crash or a loop that eats all memory would. */
export default defineDialog({
  id: 'bench-crash',
  intents: ['bench.crash'],
  slots: {},
  complete: () => {
    process.kill(process.pid, 'SIGKILL');
    return done();
  },
});
