import { expect } from 'chai';
import fc from 'fast-check';
import { createCrypt } from '../../../simulators/wechat/crypt.ts';
import { readXml, textOf } from '../../../simulators/wechat/xml.ts';

const TOKEN = 'QDG6eK';
const KEY = 'jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C';
const ID = 'wx5823bf96d3bd56c7';
const ECHO =
  'P9nAzCzyDtyTWESHep1vC5X9xho/qYX3Zpb4yKa9SKld1DsH3Iyt3tP3zNdtp+4RPcs8TgAE7OaBO+FZXvnaqQ==';
const MESSAGE =
  'RypEvHKD8QQKFhvQ6QleEB4J58tiPdvo+rtK1I9qca6aM/wvqnLSV5zEPeusUiX5L5X/0lWfrf0QADHHhGd3QczcdCUpj911L3vg3W/sYYvuJTs3TUUkSUXxaccAS0qhxchrRYt66wiSpGLYL42aM6A8dTT+6k4aSknmPj48kzJs8qLjvd4Xgpue06DOdnLxAUHzM6+kDZ+HMZfJYuR+LtwGc2hgf5gsijff0ekUNXZiqATP7PF5mZxZ3Izoun1s4zG4LUMnvw2r+KqCKIw+3IQH03v+BCA9nMELNqbSf6tiWSrXJB3LAVGUcallcrw8V2t9EL4EhzJWrQUax5wLVMNS0+rUPA3k22Ncx4XXZS9o0MBH27Bo6BpNelZpS+/uh9KsNlY6bHCmJU9p8g7m3fVKn28H3KDYA5Pl/T8Z1ptDAVe0lXdQ2YoyyH2uyPIGHBZZIs2pDBS8R07+qN+E7Q==';

describe("the simulator's crypt for 公众号", () => {
  const crypt = createCrypt(TOKEN, KEY, ID);

  it("gives the vendor's first vector back", () => {
    expect(crypt.sign('1409659589', '263014780', ECHO)).to.equal(
      '5c45ff5e21c57e6ad56bac8758b79b1d9ac89fd3',
    );
    expect(crypt.open(ECHO)).to.equal('1616140317555161061');
  });

  it("gives the vendor's second vector back, both ways", () => {
    expect(crypt.sign('1409659813', '1372623149', MESSAGE)).to.equal(
      '477715d11cdb4164915debcba66cb864d751f3e6',
    );
    const opened = crypt.open(MESSAGE);
    const read = readXml(opened);
    expect(textOf(read, 'Content')).to.equal('hello');
    expect(textOf(read, 'MsgId')).to.equal('4561255354251345929');
    expect(crypt.seal(opened, Buffer.from('0960688932c47ef1'))).to.equal(MESSAGE);
  });

  it('signs the plain case', () => {
    expect(createCrypt('123', KEY, ID).sign('345')).to.equal(
      '9f537aeb751ec72605f57f94a2f6dc3e3958e1dd',
    );
  });

  it('opens whatever it seals, and nothing that is changed in one bit', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.nat(), (text, n) => {
        const sealed = crypt.seal(text);
        expect(crypt.open(sealed)).to.equal(text);
        const bytes = Buffer.from(sealed, 'base64');
        // Only the last two blocks: elsewhere the change may hit the text alone, which the signature is for.
        const place = bytes.length - 32 + (n % 32);
        bytes[place] = (bytes[place] ?? 0) ^ 1;
        expect(() => crypt.open(bytes.toString('base64'))).to.throw();
      }),
    );
  });

  it('refuses what is sealed for another account', () => {
    const other = createCrypt(TOKEN, KEY, 'wxother').seal('hello');
    expect(() => crypt.open(other)).to.throw(/wxother/u);
  });

  it('refuses pieces and nonsense', () => {
    for (const sealed of ['', 'x', MESSAGE.slice(0, -4), `${MESSAGE}AAAA`, '='.repeat(40)]) {
      expect(() => crypt.open(sealed), sealed.slice(0, 20)).to.throw();
    }
  });
});
