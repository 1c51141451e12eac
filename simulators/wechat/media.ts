import { randomBytes } from 'node:crypto';
import { Refusal } from './refusal.ts';

/** Kinds of media that `media/upload` takes. */
export type MediaKind = 'image' | 'voice' | 'video' | 'thumb';

/** A file that the platform keeps. */
export interface Medium {
  readonly id: string;
  readonly kind: MediaKind;
  readonly name: string;
  readonly contentType: string;
  readonly bytes: Buffer;
  readonly at: number;
}

const KEPT_MS = 3 * 86_400_000;
/** Of all media, this many are kept. */
const KEPT = 2_000;
const MB = 1024 * 1024;

interface Format {
  readonly type: string;
  matches(bytes: Buffer, name: string): boolean;
}

const starts =
  (...heads: readonly (readonly number[])[]) =>
  (bytes: Buffer): boolean =>
    heads.some((head) => head.every((b, i) => bytes[i] === b));

const JPEG: Format = { type: 'image/jpeg', matches: starts([0xff, 0xd8, 0xff]) };
const PICTURES: readonly Format[] = [
  JPEG,
  { type: 'image/png', matches: starts([0x89, 0x50, 0x4e, 0x47]) },
  { type: 'image/gif', matches: starts([0x47, 0x49, 0x46, 0x38]) },
];
const named =
  (ending: string) =>
  (_bytes: Buffer, name: string): boolean =>
    name.toLowerCase().endsWith(ending);

/** Limits of `uploadTempMedia`. Its page says both 2 MB and 10 MB for pictures: the smaller one holds here. */
const RULES: Readonly<Record<MediaKind, { most: number; formats: readonly Format[] }>> = {
  image: { most: 2 * MB, formats: PICTURES },
  voice: {
    most: 2 * MB,
    formats: [
      { type: 'audio/amr', matches: named('.amr') },
      { type: 'audio/mpeg', matches: named('.mp3') },
    ],
  },
  video: { most: 10 * MB, formats: [{ type: 'video/mp4', matches: named('.mp4') }] },
  thumb: { most: 64 * 1024, formats: [JPEG] },
};

/** The platform's store of temporary media. */
export class Media {
  readonly #clock: { now(): number };
  readonly #kept = new Map<string, Medium>();

  constructor(clock: { now(): number }) {
    this.#clock = clock;
  }

  /** What the account uploads. @throws Refusal */
  upload(kind: string | null, file: { name: string; bytes: Buffer } | undefined): Medium {
    const rule = kind !== null && Object.hasOwn(RULES, kind) ? RULES[kind as MediaKind] : undefined;
    if (rule === undefined) throw new Refusal(40004);
    if (file === undefined) throw new Refusal(41005);
    if (file.bytes.length === 0) throw new Refusal(40006);
    if (file.bytes.length > rule.most) {
      throw new Refusal(45001, `${file.bytes.length} bytes; ${kind ?? ''} may have ${rule.most}`);
    }
    const format = rule.formats.find((f) => f.matches(file.bytes, file.name));
    if (format === undefined) throw new Refusal(40005, `"${file.name}" is no ${kind ?? ''}`);
    return this.keep(kind as MediaKind, file.name, format.type, file.bytes);
  }

  /** A picture from a phone, whatever it is. */
  photo(name: string, bytes: Uint8Array): Medium {
    const copy = Buffer.from(bytes);
    const type = PICTURES.find((f) => f.matches(copy, name))?.type ?? 'image/jpeg';
    return this.keep('image', name, type, copy);
  }

  keep(kind: MediaKind, name: string, contentType: string, bytes: Buffer): Medium {
    const id = randomBytes(48).toString('base64url');
    const medium: Medium = { id, kind, name, contentType, bytes, at: this.#clock.now() };
    this.#kept.set(id, medium);
    const oldest = this.#kept.keys().next();
    if (this.#kept.size > KEPT && !oldest.done) this.#kept.delete(oldest.value);
    return medium;
  }

  /** A medium that is not older than three days. @throws Refusal 40007 */
  get(id: unknown, kind?: MediaKind): Medium {
    const found = typeof id === 'string' ? this.#kept.get(id) : undefined;
    if (found === undefined) throw new Refusal(40007, 'there is no such media_id');
    if (this.#clock.now() - found.at >= KEPT_MS) {
      throw new Refusal(40007, 'the media_id is older than 3 days');
    }
    if (kind !== undefined && found.kind !== kind) {
      throw new Refusal(40007, `the media_id is of a ${found.kind}`);
    }
    return found;
  }

  /** The file behind a `PicUrl`, for longer than the media id. */
  picture(id: string): Medium | undefined {
    return this.#kept.get(id);
  }
}
