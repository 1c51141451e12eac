import { createCipheriv } from 'node:crypto';
import { expect } from 'chai';
import fc from 'fast-check';
import { decrypt, getSignature } from '@wecom/crypto';
import { aesKeyFault, createCipher } from '../../../src/channel/tencent/cipher.ts';
import { RequestError } from '../../../src/errors.ts';
import { V1, V2, VENDOR } from './vectors.ts';

const { token, aesKey, receiveId } = VENDOR;
const cipher = createCipher({ token, aesKey, receiveId });
const at = { timestamp: '1409659813', nonce: '1372623149' };

/** A text sealed as an attacker who knows the keys might, with any bytes behind it. */
function sealed(plain: Buffer): { encrypted: string; msg_signature: string } {
  const key = Buffer.from(`${aesKey}=`, 'base64');
  const aes = createCipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false);
  const encrypted = Buffer.concat([aes.update(plain), aes.final()]).toString('base64');
  return {
    encrypted,
    msg_signature: getSignature(token, at.timestamp, at.nonce, encrypted),
  };
}

/** Random bytes, length, text and id, before padding. */
function framed(text: string, id = receiveId, length = Buffer.byteLength(text)): Buffer {
  const size = Buffer.alloc(4);
  size.writeUInt32BE(length);
  return Buffer.concat([Buffer.alloc(16, 7), size, Buffer.from(text), Buffer.from(id)]);
}

function padded(body: Buffer, pad = 32 - (body.length % 32), byte = pad): Buffer {
  return Buffer.concat([body, Buffer.alloc(pad, byte)]);
}

function refusal(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (error instanceof RequestError) return `${error.status} ${error.message}`;
    throw error;
  }
  return 'accepted';
}

function openOf(plain: Buffer): string {
  const { encrypted, msg_signature } = sealed(plain);
  return refusal(() => cipher.open({ ...at, msg_signature }, encrypted));
}

describe('tencent cipher', () => {
  it('opens the vendor’s echostr (V1) and seals it to the same bytes', () => {
    const query = { timestamp: V1.timestamp, nonce: V1.nonce, msg_signature: V1.signature };
    expect(cipher.open(query, V1.encrypted)).to.equal(V1.text);
    const again = createCipher({
      ...VENDOR,
      random: () => decrypt(aesKey, V1.encrypted).random,
    });
    expect(again.seal(V1.text, V1.timestamp, V1.nonce)).to.deep.equal({
      encrypted: V1.encrypted,
      signature: V1.signature,
    });
  });

  it('opens the vendor’s message (V2) and seals it to the same bytes', () => {
    const query = { timestamp: V2.timestamp, nonce: V2.nonce, msg_signature: V2.signature };
    const text = cipher.open(query, V2.encrypted);
    expect(text).to.have.length(284);
    expect(text).to.include('<Content><![CDATA[hello]]></Content>');
    const again = createCipher({ ...VENDOR, random: () => Buffer.from(V2.random) });
    expect(again.seal(text, V2.timestamp, V2.nonce)).to.deep.equal({
      encrypted: V2.encrypted,
      signature: V2.signature,
    });
  });

  it('checks the plain signature of token, timestamp and nonce', () => {
    const plain = createCipher({ token: '123', receiveId });
    const signature = '9f537aeb751ec72605f57f94a2f6dc3e3958e1dd';
    expect(plain.signed({ signature, timestamp: '345', nonce: '' })).to.be.true;
    expect(plain.signed({ signature, timestamp: '', nonce: '345' })).to.be.true;
    expect(plain.signed({ signature, timestamp: '346', nonce: '' })).to.be.false;
    for (const wrong of [null, '', signature.toUpperCase(), signature.slice(1), `${signature}0`]) {
      expect(plain.signed({ signature: wrong, timestamp: '345', nonce: '' })).to.be.false;
    }
  });

  it('refuses a wrong signature before it decrypts', () => {
    for (const msg_signature of [null, '', 'x', V2.signature.replace('4', '5')]) {
      const answer = refusal(() => cipher.open({ ...at, msg_signature }, V2.encrypted));
      expect(answer).to.match(/^403 /);
    }
  });

  it('refuses another receiver, whichever end it is changed at', () => {
    for (const id of ['wx5823bf96d3bd56c8', '', `${receiveId}x`, receiveId.slice(1)]) {
      expect(openOf(padded(framed('hi', id)))).to.match(/^403 /);
    }
    expect(openOf(padded(framed('hi')))).to.equal('accepted');
  });

  it('refuses every padding but 1 to 32 equal bytes', () => {
    const body = framed('hello there');
    const whole = 32 - (body.length % 32);
    expect(openOf(padded(body))).to.equal('accepted');
    expect(openOf(padded(body, whole, whole + 1))).to.match(/^403 /);
    expect(openOf(padded(body, whole, 0))).to.match(/^403 /);
    expect(openOf(padded(body, whole + 32))).to.match(/^403 /);
    const uneven = padded(body);
    uneven[body.length] = 0;
    expect(openOf(uneven)).to.match(/^403 /);
    const aligned = framed('x'.repeat(64 - 20 - receiveId.length));
    expect(aligned.length % 32).to.equal(0);
    expect(openOf(padded(aligned, 32))).to.equal('accepted');
  });

  it('refuses a length beyond the text, and texts too short for one', () => {
    expect(openOf(padded(framed('hi', receiveId, 2 ** 31)))).to.match(/^403 /);
    expect(openOf(padded(framed('hi', receiveId, 1)))).to.match(/^403 /);
    expect(openOf(padded(Buffer.alloc(10)))).to.match(/^403 /);
  });

  it('refuses truncated and malformed cipher text with one and the same message', () => {
    const answers = ['', '!', 'AAAA', V2.encrypted.slice(0, -4), V2.encrypted.slice(24)].map(
      (encrypted) => {
        const msg_signature = getSignature(token, at.timestamp, at.nonce, encrypted);
        return refusal(() => cipher.open({ ...at, msg_signature }, encrypted));
      },
    );
    expect(new Set(answers)).to.deep.equal(new Set([openOf(padded(framed('', 'x')))]));
  });

  it('gives back any text, and the vendor’s library opens what it seals', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 300 }), (text) => {
        const { encrypted, signature } = cipher.seal(text, at.timestamp, at.nonce);
        expect(cipher.open({ ...at, msg_signature: signature }, encrypted)).to.equal(text);
        expect(decrypt(aesKey, encrypted)).to.include({ message: text, id: receiveId });
      }),
    );
  });

  it('refuses any single changed byte', () => {
    const { encrypted: text, signature } = cipher.seal('hello', at.timestamp, at.nonce);
    const good = Buffer.from(text, 'base64');
    fc.assert(
      fc.property(fc.nat(good.length - 1), fc.integer({ min: 1, max: 255 }), (i, bits) => {
        const bytes = Buffer.from(good);
        bytes[i] = (bytes[i] ?? 0) ^ bits;
        const encrypted = bytes.toString('base64');
        const query = { ...at, msg_signature: signature };
        expect(refusal(() => cipher.open(query, text))).to.equal('accepted');
        expect(refusal(() => cipher.open(query, encrypted))).to.match(/^403 /);
      }),
    );
  });

  it('without a key it refuses whatever is encrypted', () => {
    const query = { timestamp: V2.timestamp, nonce: V2.nonce, msg_signature: V2.signature };
    const keyless = createCipher({ token, receiveId });
    expect(refusal(() => keyless.open(query, V2.encrypted))).to.match(/^403 /);
  });

  it('says what is wrong with a key', () => {
    expect(aesKeyFault(aesKey)).to.be.undefined;
    expect(aesKeyFault(`${aesKey}=`)).to.match(/has 44 characters/);
    expect(aesKeyFault('')).to.match(/has 0 characters/);
    expect(aesKeyFault(`${aesKey.slice(0, 42)}-`)).to.match(/43 letters and digits/);
  });
});
