import { seal, unseal } from '../sealed.ts';
import type { LookWeights } from './look.ts';

/** First bytes of every file; the digit changes with the layout or with how it is learned. */
const MAGIC = 'YDL1';

type Header = Omit<LookWeights, 'head'> & { readonly key: string };

/** What was learned, as the bytes of a file. */
export function encodeLook(key: string, { head, ...rest }: LookWeights): Buffer {
  const header: Header = { ...rest, key };
  return seal(MAGIC, header, new Uint8Array(head.buffer, head.byteOffset, head.byteLength));
}

/** What the file holds; `undefined` where it is not whole, or not of this key. */
export function decodeLook(key: string, file: Buffer): LookWeights | undefined {
  const sealed = unseal(MAGIC, file);
  if (sealed === undefined) return undefined;
  const { key: own, ...rest } = sealed.header as Header;
  if (own !== key) return undefined;
  return { ...rest, head: new Float32Array(new Uint8Array(sealed.bytes).buffer) };
}
