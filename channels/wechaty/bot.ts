import { createRequire } from 'node:module';
import { ConfigError, messageOf } from '../../src/errors.ts';

/** The packages `wechaty` and `file-box`, as they are when they are installed. */
export type WechatyModule = typeof import('wechaty') & Pick<typeof import('file-box'), 'FileBox'>;
/** A Wechaty instance. */
export type Bot = ReturnType<WechatyModule['WechatyBuilder']['build']>;

/** What tests put in place of the installed packages. */
export interface BotParts {
  /** Loads the packages `wechaty` and `file-box`. */
  load(): Promise<WechatyModule>;
  /** Throws where no package of this name is installed. */
  resolve(name: string): void;
  /** Makes an instance that has not started. Called again for each try to start. */
  build(wechaty: WechatyModule, options: { puppet: string; name: string }): Bot;
}

/** The installed packages. */
export const installed: BotParts = {
  load: async () => {
    const [wechaty, { FileBox }] = await Promise.all([import('wechaty'), import('file-box')]);
    return { ...wechaty, FileBox };
  },
  resolve: (name) => {
    try {
      createRequire(import.meta.url).resolve(name);
    } catch (error) {
      // One that can only be imported is found, but has nothing to require.
      if (isMissing(error)) throw error;
    }
  },
  // A puppet is named as text here; the package's type lists the few official ones.
  build: ({ WechatyBuilder }, { puppet, name }) =>
    WechatyBuilder.build({ name, puppet: puppet as 'wechaty-puppet-service' }),
};

const PACKAGE = /^(?:@[a-z0-9._-]{1,100}\/)?[a-z0-9._-]{1,100}$/i;

/**
 * Loads Wechaty and silences its logger, which writes what people say to standard output.
 * @param puppet name of the package that speaks to WeChat
 * @throws ConfigError naming what to install
 */
export async function loadWechaty(puppet: string, parts: BotParts): Promise<WechatyModule> {
  if (!PACKAGE.test(puppet)) throw fault('is not the name of an npm package');
  const mend = `npm install wechaty file-box ${puppet}`;
  let wechaty: WechatyModule;
  try {
    wechaty = await parts.load();
  } catch (error) {
    throw fault(`needs the packages wechaty and file-box (${reason(error)}); run: ${mend}`);
  }
  wechaty.log.level('silent');
  wechaty.log.enableLogging(false);
  try {
    parts.resolve(puppet);
  } catch (error) {
    throw fault(`names the package ${puppet} (${reason(error)}); run: ${mend}`);
  }
  return wechaty;
}

function fault(text: string): ConfigError {
  return new ConfigError([{ name: 'WECHATY_PUPPET', fault: text }]);
}

function isMissing(error: unknown): boolean {
  return (
    error instanceof Error && 'code' in error && String(error.code).includes('MODULE_NOT_FOUND')
  );
}

function reason(error: unknown): string {
  return isMissing(error) ? 'not installed' : `they do not load: ${messageOf(error)}`;
}
