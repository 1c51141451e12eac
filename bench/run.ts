/** `npm run bench -- NAME [--option value …]` */
import { ConfigError, messageOf } from '../src/errors.ts';

type Bench = (args: readonly string[]) => Promise<void>;

const benches: Readonly<Record<string, () => Promise<{ bench: Bench }>>> = {
  turn: () => import('./turn.ts'),
  http: () => import('./http.ts'),
  start: () => import('./start.ts'),
  grow: () => import('./grow.ts'),
  entities: () => import('./entities.ts'),
  memory: () => import('./memory.ts'),
  training: () => import('./training.ts'),
  ablation: () => import('./ablation.ts'),
  understanding: () => import('./understanding.ts'),
  search: () => import('./search.ts'),
  wechat: () => import('./wechat.ts'),
};

const [name = '', ...args] = process.argv.slice(2);
const load = Object.hasOwn(benches, name) ? benches[name] : undefined;
if (load === undefined) {
  console.error(
    `npm run bench -- NAME [--option value …], NAME of ${Object.keys(benches).join(', ')}`,
  );
  process.exitCode = 2;
} else {
  process.once('SIGINT', () => process.exit(130));
  try {
    await (await load()).bench(args);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    console.error(messageOf(error));
    process.exitCode = 2;
  }
}
