import { expect } from 'chai';
import { email } from '../../../src/dialog/slots/email.ts';
import { brief, said } from './said.ts';

/** What is said, what `parse` and what `find` make of it. */
const EMAIL: readonly (readonly [string, string, string])[] = [
  ['a@b.com', 'a@b.com*', 'a@b.com*'],
  ['Wang.Fang+1@QQ.com', 'wang.fang+1@qq.com*', 'wang.fang+1@qq.com*'],
  ['a＠qq．com', 'a@qq.com*', 'a@qq.com*'],
  ['wf@163。com', 'wf@163.com*', 'wf@163.com*'],
  ['我的邮箱是wf@163.com', 'wf@163.com*', 'wf@163.com*'],
  ['my email is wf@163.com thanks', 'wf@163.com*', 'wf@163.com*'],
  ['wf@163', '-incomplete', '-'],
  ['wf@gmail.con', '-incomplete', '-'],
  ['wf@@qq.com', '-incomplete', '-'],
  ['wf@qq,com', '-incomplete', '-'],
  ['wf.qq.com', '-incomplete', '-'],
  ['没有邮箱', '-', '-'],
  ['wf@qq.com.', 'wf@qq.com*', 'wf@qq.com*'],
  ['发到wf@qq.com就行', 'wf@qq.com', 'wf@qq.com'],
  ['a..b@x.com', '-incomplete', '-'],
  ['.a@b.com', '-incomplete', '-'],
  ['a@b.com c@d.com', '-ambiguous', '-ambiguous'],
  ['a@-b.com', '-incomplete', '-'],
  ['请发送至 billing@example.co.uk', 'billing@example.co.uk', 'billing@example.co.uk'],
];

describe('slot email', () => {
  const slot = email();
  for (const [text, parsed, found] of EMAIL) {
    it(`reads "${text}" as ${parsed}`, () => {
      expect(brief(slot.parse(said(text)))).to.equal(parsed);
      expect(brief(slot.find(said(text)))).to.equal(found);
    });
  }
});
