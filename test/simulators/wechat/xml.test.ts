import { expect } from 'chai';
import fc from 'fast-check';
import { readXml, textOf, writeXml } from '../../../simulators/wechat/xml.ts';

describe("the simulator's XML", () => {
  it('reads back what it writes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.bigInt({ min: 0n }), (text, n) => {
        const read = readXml(writeXml({ Text: text, Number: n, Inner: { Item: [{ A: text }] } }));
        expect(textOf(read, 'Text')).to.equal(text);
        expect(textOf(read, 'Number')).to.equal(String(n));
      }),
    );
  });

  it('closes no CDATA early', () => {
    expect(textOf(readXml(writeXml({ Text: 'a]]>b]]]]>' })), 'Text')).to.equal('a]]>b]]]]>');
  });

  it('reads the named entities', () => {
    expect(textOf(readXml('<xml><A>1 &lt; 2 &amp;&amp; 3</A></xml>'), 'A')).to.equal('1 < 2 && 3');
  });

  for (const bad of [
    '',
    'success ',
    '{"errcode":0}',
    '<xml>',
    '<xml></xml><xml></xml>',
    '<xml><a>1</xml>',
    '<xml><a></b></xml>',
    '</xml>',
    '<html></html>',
    '<?xml version="1.0"?><xml></xml>',
    '<!DOCTYPE x [<!ENTITY a "b">]><xml><a>&a;</a></xml>',
    '<xml><a>&a;</a></xml>',
    '<xml><a x="1"></a></xml>',
    '<xml><![CDATA[</xml>',
    `<xml>${'<a>'.repeat(20)}${'</a>'.repeat(20)}</xml>`,
  ]) {
    it(`refuses ${JSON.stringify(bad.slice(0, 50))}`, () => {
      expect(() => readXml(bad)).to.throw();
    });
  }

  it('answers any text with a tree or a typed error', () => {
    const parts = [
      '<xml>',
      '</xml>',
      '<a>',
      '</a>',
      '<![CDATA[',
      ']]>',
      '&lt;',
      '&',
      'x',
      '<',
      '>',
    ];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...parts)), (words) => {
        try {
          readXml(words.join(''));
        } catch (error) {
          expect(error).to.have.property('name', 'RequestError');
        }
      }),
    );
  });
});
