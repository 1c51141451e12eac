import { expect } from 'chai';
import type { Activity } from '../../bench/direct-line.ts';
import { isClean, judge, together, type Sent } from '../../bench/faults/oracle.ts';

const sent: readonly Sent[] = ['a', 'b', 'c'].map((id) => ({
  id,
  text: `text ${id}`,
  answer: new RegExp(`^answer ${id}$`, 'u'),
  acknowledged: true,
}));

function user(id: string, line: string): Activity {
  return {
    id: line,
    type: 'message',
    from: { id: 'u', role: 'user' },
    channelData: { clientActivityID: id },
  };
}

function bot(text: string, line: string, replyToId: string): Activity {
  return { id: line, type: 'message', from: { id: 'bot', role: 'bot' }, text, replyToId };
}

/** What a log looks like when nothing went wrong. */
const good: readonly Activity[] = [
  user('a', '1'),
  user('b', '2'),
  bot('answer a', '3', '1'),
  bot('answer b', '4', '2'),
  user('c', '5'),
  bot('answer c', '6', '5'),
];

const without = (...lines: string[]): Activity[] => good.filter((a) => !lines.includes(a.id));

describe('the oracle of the fault runs', () => {
  it('finds nothing in a good log', () => {
    expect(isClean(judge(sent, good))).to.equal(true);
  });

  it('finds a lost message', () => {
    const verdict = judge(sent, without('2', '4'));
    expect(verdict.lost).to.deep.equal(['b']);
    expect(isClean(verdict)).to.equal(false);
  });

  it('takes a message that was never acknowledged for what it is, there or not', () => {
    const unsure = sent.map((m) => (m.id === 'c' ? { ...m, acknowledged: false } : m));
    expect(isClean(judge(unsure, without('5', '6')))).to.equal(true);
    expect(isClean(judge(unsure, good))).to.equal(true);
    expect(judge(unsure, without('6')).unanswered).to.deep.equal(['c']);
  });

  it('finds a doubled message, even where each of the two is answered once', () => {
    const log = [...good, user('b', '7'), bot('answer b', '8', '7')];
    const verdict = judge(sent, log);
    expect(verdict.doubled).to.deep.equal(['b']);
    expect(verdict.answeredTwice).to.deep.equal(['b']);
  });

  it('finds a message without an answer', () => {
    expect(judge(sent, without('4')).unanswered).to.deep.equal(['b']);
  });

  it('finds a second answer', () => {
    const verdict = judge(sent, [...good, bot('answer b', '7', '2')]);
    expect(verdict.answeredTwice).to.deep.equal(['b']);
    expect(verdict.doubled).to.deep.equal([]);
  });

  it('finds messages out of order', () => {
    const log = [
      user('b', '1'),
      user('a', '2'),
      bot('answer b', '3', '1'),
      bot('answer a', '4', '2'),
    ];
    expect(judge(sent.slice(0, 2), log).disordered).to.deep.equal(['a']);
  });

  it('finds answers out of order', () => {
    const log = [
      user('a', '1'),
      user('b', '2'),
      bot('answer b', '3', '2'),
      bot('answer a', '4', '1'),
    ];
    expect(judge(sent.slice(0, 2), log).disordered).to.deep.equal(['a']);
  });

  it('finds a wrong answer', () => {
    const log = good.map((a) => (a.id === '4' ? { ...a, text: 'answer c' } : a));
    expect(judge(sent, log).wrong).to.deep.equal(['b']);
  });

  it('finds lines that nobody can account for', () => {
    const log = [...good, user('z', '7'), bot('hello', '8', '99')];
    expect(judge(sent, log).strange).to.deep.equal(['7', '8']);
  });

  it('keeps every finding when verdicts are put together', () => {
    const verdict = together([judge(sent, without('2', '4')), judge(sent, without('6'))]);
    expect(verdict.lost).to.deep.equal(['b']);
    expect(verdict.unanswered).to.deep.equal(['c']);
  });
});
