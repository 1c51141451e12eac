import { expect } from 'chai';
import fc from 'fast-check';
import { parseJson } from '../../src/channel/body.ts';
import { RequestError } from '../../src/errors.ts';

const parse = (text: string): unknown => parseJson(Buffer.from(text));

describe('parseJson', () => {
  it('drops keys that reach prototypes, however they are written', () => {
    const got = parse(
      '{"__proto__":{"x":1},"a":{"constructor":{"prototype":{"x":1}},"\\u005f_proto__":{"x":1}},' +
        '"__pro\\u0000to__":{"x":1},"b":[{"prototype":1}]}',
    );
    expect(got).to.deep.equal({ a: {}, b: [{}] });
    expect(({} as Record<string, unknown>).x).to.equal(undefined);
  });

  it('makes lone surrogates well-formed and removes NUL', () => {
    expect(parse('"a\\ud800b"')).to.equal('a\ufffdb');
    expect(parse('"\\ud83d\\ude00"')).to.equal('😀');
    expect(parse('"a\\u0000b"')).to.equal('ab');
  });

  it('refuses what is nested too deep instead of overflowing', () => {
    expect(() => parse('['.repeat(30_000) + ']'.repeat(30_000))).to.throw(RequestError, /deep/);
    expect(() => parse('{"a":'.repeat(8000) + '1' + '}'.repeat(8000))).to.throw(RequestError);
  });

  it('keeps ordinary JSON as it is', () => {
    const key = fc.string().filter((k) => !['__proto__', 'constructor', 'prototype'].includes(k));
    const leaf = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null));
    const value = fc.oneof(
      leaf,
      fc.array(leaf),
      fc.dictionary(key, leaf, { noNullPrototype: true }),
    );
    fc.assert(
      fc.property(value, (v) => {
        const text = JSON.stringify(v).replaceAll('\\u0000', '');
        expect(parse(text)).to.deep.equal(JSON.parse(text));
      }),
    );
  });

  it('answers anything that is not JSON with 400', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        try {
          parseJson(Buffer.from(bytes));
        } catch (error) {
          expect(error).to.be.instanceOf(RequestError).and.to.have.property('status', 400);
        }
      }),
    );
  });
});
