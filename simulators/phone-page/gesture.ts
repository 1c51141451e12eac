import { RequestError } from '../../src/errors.ts';
import type { Gesture } from '../simulator.ts';

/**
 * Reads a gesture from its JSON; an image's `bytes` are base64.
 * @throws RequestError 400 for anything else
 */
export function readGesture(json: string): Gesture {
  const read = (): unknown => {
    try {
      return JSON.parse(json);
    } catch {
      return undefined;
    }
  };
  const value = read();
  const fields =
    typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  const text = (name: string): string | undefined => {
    const found = fields[name];
    return typeof found === 'string' ? found : undefined;
  };
  const said = text('text');
  const id = text('id');
  const name = text('name');
  const bytes = text('bytes');
  const scene = text('scene');
  const key = text('key');
  if (fields.kind === 'text' && said !== undefined) return { kind: 'text', text: said };
  if (fields.kind === 'tap' && id !== undefined) return { kind: 'tap', id };
  if (fields.kind === 'image' && name !== undefined && bytes !== undefined) {
    const image = { kind: 'image', name, bytes: Buffer.from(bytes, 'base64') } as const;
    return said === undefined ? image : { ...image, text: said };
  }
  if (fields.kind === 'join')
    return scene === undefined ? { kind: 'join' } : { kind: 'join', scene };
  if (fields.kind === 'event' && name !== undefined) {
    return key === undefined ? { kind: 'event', name } : { kind: 'event', name, key };
  }
  throw new RequestError(400, 'BadGesture', 'This is no gesture');
}
