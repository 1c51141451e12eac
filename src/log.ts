import { pino, type Logger as PinoLogger, type LoggerOptions } from 'pino';

/** The structured logger that is passed to whoever logs. */
export type Logger = PinoLogger;

/** Names whose values never reach a log line, however deep they stand. */
const SECRET_NAMES = [
  'authorization',
  'cookie',
  'token',
  'secret',
  'password',
  'appSecret',
  'aesKey',
  'DIRECTLINE_SECRET',
  'MicrosoftAppPassword',
  'EMBEDDINGS_API_KEY',
];

/**
 * Numbers that identify people, and bearer tokens, inside any text.
 * Every alternative is bounded, so masking is linear in the length of the text.
 */
const PRIVATE = [
  // JWTs first: their parts would also look like other things.
  /\beyJ[\w-]{5,2000}\.[\w-]{5,4000}\.[\w-]{5,500}/g,
  // E-mail.
  /[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}/g,
  // Mainland phone, with or without +86 and separators; ID card; bank card.
  /(?<!\d)(?:\+?86[- ]?)?1[3-9]\d(?:[- ]?\d{4}){2}(?!\d)/g,
  /(?<!\d)\d{17}[\dXx](?![\dXx])/g,
  /(?<!\d)\d{4}(?:[- ]?\d{4}){2}[- ]?\d{1,7}(?!\d)/g,
];

/** Text with phone, e-mail, ID-card and bank-card numbers and tokens replaced by `***`. */
export function mask(text: string): string {
  let out = text;
  for (const pattern of PRIVATE) out = out.replace(pattern, '***');
  return out;
}

function maskDeep(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return mask(value);
  if (value === null || typeof value !== 'object' || depth > 6) return value;
  if (value instanceof Error) {
    return {
      type: value.name,
      message: mask(value.message),
      stack: value.stack === undefined ? undefined : mask(value.stack),
      ...('code' in value ? { code: value.code } : {}),
    };
  }
  if (Array.isArray(value)) return value.map((v) => maskDeep(v, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([k, v]) => [
      k,
      SECRET_NAMES.includes(k) ? '***' : maskDeep(v, depth + 1),
    ]),
  );
}

/**
 * Makes the process's logger: JSON lines on standard output, private data masked.
 * @param level pino's level names; `silent` in tests
 */
export function createLogger(level: string, destination?: { write(line: string): void }): Logger {
  const options: LoggerOptions = {
    level,
    base: null,
    formatters: { bindings: (bindings) => maskDeep(bindings, 0) as Record<string, unknown> },
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    hooks: {
      logMethod(args, method) {
        const masked = args.map((a) => maskDeep(a, 0)) as typeof args;
        method.apply(this, masked);
      },
    },
  };
  return destination === undefined ? pino(options) : pino(options, destination);
}
