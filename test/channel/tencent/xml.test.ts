import { expect } from 'chai';
import { XMLParser } from 'fast-xml-parser';
import fc from 'fast-check';
import { buildXml, inner, leaf, parseXml } from '../../../src/channel/tencent/xml.ts';
import { RequestError } from '../../../src/errors.ts';

function fault(text: string): number | 'none' {
  try {
    parseXml(text);
    return 'none';
  } catch (error) {
    if (error instanceof RequestError) return error.status;
    throw error;
  }
}

const nested = (depth: number): string =>
  `<xml>${'<a>'.repeat(depth)}1${'</a>'.repeat(depth)}</xml>`;

describe('tencent xml', () => {
  it('reads fields as they are written', () => {
    const fields = parseXml(
      '<xml>\n <MsgId>4561255354251345929</MsgId><Scale>0012</Scale>\n' +
        '<Location_X>23.134521000</Location_X><Content><![CDATA[ a <b> & ]]></Content><Empty/>' +
        '<EventKey><![CDATA[]]></EventKey></xml>',
    );
    expect(fields).to.deep.equal({
      MsgId: '4561255354251345929',
      Scale: '0012',
      Location_X: '23.134521000',
      Content: ' a <b> & ',
      Empty: '',
      EventKey: '',
    });
  });

  it('joins CDATA that was split around its own end', () => {
    expect(parseXml('<xml><C><![CDATA[a]]]]><![CDATA[>b]]>&amp;c</C></xml>').C).to.equal('a]]>b&c');
  });

  it('takes declarations and markup inside CDATA for text', () => {
    const text = '<!DOCTYPE html><!ENTITY a "b"><![CDATA[';
    expect(parseXml(`<xml><C><![CDATA[${text}]]></C></xml>`).C).to.equal(text);
  });

  it('decodes the entities of XML and characters by number outside CDATA only', () => {
    expect(parseXml('<xml><C>&lt;&#20320;&#x597D;</C></xml>').C).to.equal('<你好');
    expect(parseXml('<xml><C><![CDATA[&lt;&#20320;]]></C></xml>').C).to.equal('&lt;&#20320;');
    expect(fault('<xml><C>&unknown;</C></xml>')).to.equal(400);
    expect(fault('<xml><C>&#xD800;</C></xml>')).to.equal(400);
    expect(fault('<xml><C>&#1114112;</C></xml>')).to.equal(400);
  });

  it('gives lists for names that repeat', () => {
    const fields = parseXml(
      '<xml><S><PicList><item><M>1</M></item><item><M>2</M></item></PicList></S>' +
        '<P><List><T>a</T></List></P></xml>',
    );
    expect(fields).to.deep.equal({
      S: { PicList: { item: [{ M: '1' }, { M: '2' }] } },
      P: { List: [{ T: 'a' }] },
    });
  });

  it('looks up only what is there', () => {
    const fields = parseXml('<xml><A>1</A><B><C>2</C></B></xml>');
    expect(leaf(fields, 'A')).to.equal('1');
    expect(leaf(fields, 'B')).to.be.undefined;
    expect(leaf(fields, 'toString')).to.be.undefined;
    expect(inner(fields, 'B')).to.deep.equal({ C: '2' });
    expect(inner(fields, 'A')).to.be.undefined;
  });

  const bad: readonly (readonly [string, string])[] = [
    ['nothing', ''],
    ['blanks', ' \n'],
    ['no XML', '{"a":1}'],
    ['an open tag', '<xml><a>1</xml>'],
    ['open CDATA', '<xml><a><![CDATA[1</a></xml>'],
    ['a second root', '<xml><a>1</a></xml><xml><a>1</a></xml>'],
    ['another root', '<html><a>1</a></html>'],
    ['text only', '<xml>1</xml>'],
    ['text beside elements', '<xml>1<a>2</a></xml>'],
    ['the same name twice', '<xml><MsgId>1</MsgId><MsgId>2</MsgId></xml>'],
    ['a DOCTYPE', '<!DOCTYPE xml><xml><a>1</a></xml>'],
    ['an entity', '<!DOCTYPE xml [<!ENTITY a "b">]><xml><a>&a;</a></xml>'],
    [
      'an external entity',
      '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><xml><a>&a;</a></xml>',
    ],
    ['__proto__', '<xml><__proto__><a>1</a></__proto__></xml>'],
    ['constructor', '<xml><constructor>1</constructor></xml>'],
    ['a long name', `<xml><${'a'.repeat(65)}>1</${'a'.repeat(65)}></xml>`],
    ['deep nesting', nested(9)],
    ['very deep nesting', nested(5000)],
  ];
  for (const [what, text] of bad) {
    it(`refuses ${what}`, () => {
      expect(fault(text)).to.equal(400);
    });
  }

  it('takes up to 8 levels', () => {
    expect(fault(nested(7))).to.equal('none');
  });

  it('looks through many open CDATA in no time to speak of', () => {
    expect(fault(`<xml><a>${'<![CDATA['.repeat(7000)}</a></xml>`)).to.equal(400);
  });

  it('throws nothing but a refusal, whatever comes', () => {
    const bits = fc.constantFrom(
      '<xml>',
      '</xml>',
      '<a>',
      '</a>',
      '<![CDATA[',
      ']]>',
      '<!--',
      '-->',
      '<?xml',
      '?>',
      '&',
      '&#',
      ';',
      '__proto__',
      '<',
      '>',
      '/',
      '"',
      '=',
      '<item>',
      '</item>',
      'x',
      '\0',
      '\ud800',
      '<!DOCTYPE',
    );
    fc.assert(
      fc.property(
        fc.array(fc.oneof(bits, fc.string({ maxLength: 5 })), { maxLength: 40 }),
        (parts) => {
          expect(fault(parts.join(''))).to.be.oneOf([400, 'none']);
          expect(fault(`<xml><a>${parts.join('')}</a></xml>`)).to.be.oneOf([400, 'none']);
        },
      ),
      { numRuns: 500 },
    );
    expect(({} as Record<string, unknown>).a).to.be.undefined;
  });

  it('builds what it and an ordinary parser read back', () => {
    const parser = new XMLParser({ parseTagValue: false, trimValues: false });
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 60 }), (word) => {
        const text = `${word}]]>${word}`;
        const xml = buildXml({ Content: text });
        expect(parseXml(xml)).to.deep.equal({ Content: text });
        expect(parser.parse(xml)).to.deep.equal({ xml: { Content: text } });
      }),
    );
  });

  it('builds numbers bare, lists by repetition, and leaves out what is not there', () => {
    expect(
      buildXml({ N: 1, T: 'a', I: { item: [{ x: 'p' }, { x: 'q' }] }, gone: undefined }),
    ).to.equal(
      '<xml><N>1</N><T><![CDATA[a]]></T><I><item><x><![CDATA[p]]></x></item>' +
        '<item><x><![CDATA[q]]></x></item></I></xml>',
    );
  });

  it('drops characters that XML can not hold', () => {
    expect(buildXml({ T: 'a\0\u0008\ud800b\n' })).to.equal(
      '<xml><T><![CDATA[a\ufffdb\n]]></T></xml>',
    );
  });
});
