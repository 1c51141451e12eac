/** A process for one side of the comparison, so that neither heap nor compiled code is shared. */
import { openOurs } from './ours.ts';
import { openSample } from './sample.ts';
import { runPiece, type Piece } from './side.ts';

const [kind = '', dataDir = '', dialogsDir = '', knowledgeDir = ''] = process.argv.slice(2);
const side = kind === 'ours' ? await openOurs(dataDir, { dialogsDir, knowledgeDir }) : openSample();

process.on('message', (message: Piece | 'close') => {
  const work = message === 'close' ? side.close() : runPiece(side, message);
  work.then(
    (cost) => {
      if (cost !== undefined) process.send?.(cost);
      else process.exit();
    },
    (error: unknown) => {
      console.error(error);
      process.exit(1);
    },
  );
});
process.send?.('ready');
