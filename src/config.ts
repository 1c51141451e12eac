import { z } from 'zod';
import { ConfigError, type ConfigFault } from './errors.ts';

const folder = z.string().min(1);
const origin = z
  .string()
  .refine(
    (u) => /^https?:/u.test(u) && URL.canParse(u) && new URL(u).origin === u,
    'is not an origin such as https://chat.example.com (no path, no trailing slash)',
  );

const base = z
  .string()
  .refine(
    (u) => /^https?:/u.test(u) && URL.canParse(u) && !/[?#@]|\/$/u.test(u),
    'is not a base address such as https://api.example.com/v1 (no name or key in it, no slash at the end)',
  );

/** Every variable of the core, with its default. Channels name theirs in their own definitions. */
const shape = z.object({
  PORT: z.coerce.number({ error: 'is not a number' }).int().min(0).max(65_535).default(3978),
  HOST: z.string().min(1).default('0.0.0.0'),
  DATA_DIR: folder.default('./data'),
  DATABASE_URL: z
    .undefined({
      error: 'is not supported yet: this version keeps everything in DATA_DIR; unset it',
    })
    .optional(),
  PUBLIC_URL: origin.optional(),
  LOG_LEVEL: z
    .enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'], {
      error: 'is not one of trace, debug, info, warn, error, fatal, silent',
    })
    .default('info'),
  DIALOGS_DIR: folder.default('./dialogs'),
  KNOWLEDGE_DIR: folder.default('./knowledge'),
  EMBEDDINGS: z
    .enum(['off', 'on', 'auto'], { error: 'is not one of off, on, auto' })
    .default('off'),
  EMBEDDINGS_API_BASE: base.optional(),
  EMBEDDINGS_API_KEY: z.string().optional(),
  EMBEDDINGS_MODEL: z.string().optional(),
  MicrosoftAppId: z.string().optional(),
  MicrosoftAppPassword: z.string().optional(),
  MicrosoftAppTenantId: z.string().optional(),
  MicrosoftAppType: z
    .enum(['MultiTenant', 'SingleTenant', 'UserAssignedMSI'], {
      error: 'is not one of MultiTenant, SingleTenant, UserAssignedMSI',
    })
    .optional(),
});

/** Names of all core variables; `.env.example` lists exactly these and those of the channels. */
export const CONFIG_NAMES: readonly string[] = Object.keys(shape.shape);

/** The configuration, read and checked once. */
export interface Config {
  readonly port: number;
  readonly host: string;
  readonly dataDir: string;
  readonly publicUrl?: string;
  readonly logLevel: string;
  readonly dialogsDir: string;
  readonly knowledgeDir: string;
  /** Whether sentence encoders are used, and the endpoint to ask instead of the local one. */
  readonly embeddings: {
    readonly mode: 'off' | 'on' | 'auto';
    readonly account?: { readonly base: string; readonly key: string; readonly model: string };
  };
  /** What channels pick their own variables from. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** The environment of this process; the only place that reads it. */
export function processEnv(): Readonly<Record<string, string | undefined>> {
  return process.env;
}

/**
 * Checks the environment. An empty variable counts as not set.
 * @param more faults found elsewhere (half-configured channels), to report together
 * @throws ConfigError with every fault at once
 */
export function readConfig(
  environment: Readonly<Record<string, string | undefined>>,
  more: readonly ConfigFault[] = [],
): Config {
  const set = Object.fromEntries(Object.entries(environment).filter(([, v]) => v !== ''));
  const parsed = shape.safeParse(set);
  const faults: ConfigFault[] = (parsed.error?.issues ?? []).map((i) => ({
    name: i.path.join('.'),
    fault: i.message,
  }));
  faults.push(...botFaults(set), ...endpointFaults(set), ...more);
  if (!parsed.success || faults.length > 0) throw new ConfigError(faults);
  const c = parsed.data;
  return Object.freeze({
    port: c.PORT,
    host: c.HOST,
    dataDir: c.DATA_DIR,
    ...(c.PUBLIC_URL === undefined ? {} : { publicUrl: c.PUBLIC_URL }),
    logLevel: c.LOG_LEVEL,
    dialogsDir: c.DIALOGS_DIR,
    knowledgeDir: c.KNOWLEDGE_DIR,
    embeddings: { mode: c.EMBEDDINGS, ...endpointOf(c) },
    env: set,
  });
}

function botFaults(env: Readonly<Record<string, string | undefined>>): ConfigFault[] {
  const missing = (name: string, needs: string): ConfigFault[] =>
    env[name] === undefined ? [{ name, fault: `is missing: ${needs} needs it` }] : [];
  if (env.MicrosoftAppId === undefined) {
    return env.MicrosoftAppPassword === undefined
      ? []
      : missing('MicrosoftAppId', 'MicrosoftAppPassword');
  }
  return [
    ...(env.MicrosoftAppType === 'UserAssignedMSI'
      ? []
      : missing('MicrosoftAppPassword', 'MicrosoftAppId')),
    ...(env.MicrosoftAppType === 'SingleTenant' || env.MicrosoftAppType === 'UserAssignedMSI'
      ? missing('MicrosoftAppTenantId', `MicrosoftAppType=${env.MicrosoftAppType}`)
      : []),
  ];
}

const ENDPOINT = ['EMBEDDINGS_API_BASE', 'EMBEDDINGS_API_KEY', 'EMBEDDINGS_MODEL'] as const;

/** All three of the endpoint's variables, or none. */
function endpointFaults(env: Readonly<Record<string, string | undefined>>): ConfigFault[] {
  const [given] = ENDPOINT.filter((name) => env[name] !== undefined);
  if (given === undefined) return [];
  return ENDPOINT.filter((name) => env[name] === undefined).map((name) => ({
    name,
    fault:
      name === 'EMBEDDINGS_API_KEY'
        ? `is missing: ${given} needs it (any word, where the server wants no key)`
        : `is missing: ${given} needs it`,
  }));
}

function endpointOf(c: z.infer<typeof shape>): Pick<Config['embeddings'], 'account'> {
  const { EMBEDDINGS_API_BASE: base, EMBEDDINGS_API_KEY: key, EMBEDDINGS_MODEL: model } = c;
  if (base === undefined || key === undefined || model === undefined) return {};
  return { account: { base, key, model } };
}
