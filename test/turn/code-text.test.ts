import { expect } from 'chai';
import { isCode } from '../../src/turn/code-text.ts';

describe('isCode', () => {
  for (const text of [
    "'; drop table users;--",
    '<script>alert(1)</script>',
    '<img src=x onerror=alert(1)>',
    '{{7*7}}',
    '${jndi:ldap://x}',
    '../../etc/passwd',
    '/etc/passwd',
    'SELECT * FROM orders',
    "1' OR '1'='1",
    'eval(process.exit())',
  ]) {
    it(`is: ${text}`, () => expect(isCode(text)).to.equal(true));
  }

  for (const text of [
    '我要退货 (订单 20261101002)',
    'Can I select a colour from the list?',
    'please print (two copies)',
    'I <3 these headphones',
    'drop the table lamp off at the door',
    'delete from my account',
    '24/7',
    'a/b/c',
  ]) {
    it(`is not: ${text}`, () => expect(isCode(text)).to.equal(false));
  }

  it('takes linear time', () => {
    const start = performance.now();
    for (const part of ['{{', '${', '<', '../', 'select a, ', 'eval(', '(', "' or "]) {
      isCode(part.repeat(1000));
    }
    expect(performance.now() - start).to.be.below(200);
  });
});
