import { expect } from 'chai';
import { tellsDanger } from '../../src/turn/danger.ts';

describe('tellsDanger', () => {
  for (const text of [
    '我不想活了',
    '我想死',
    '想自杀',
    '活着没意思',
    '真的活不下去了',
    '我准备跳楼',
    '不如死了算了',
    '我想结束自己的生命',
    'I want to kill myself',
    'i wanna die',
    'I don’t want to live any more',
    'thinking about suicide',
    'I am going to end my life',
    'my friend is suicidal',
    "there's nothing to live for",
  ]) {
    it(`hears: ${text}`, () => expect(tellsDanger(text)).to.equal(true));
  }

  for (const text of [
    '笑死我了',
    '想死你们家的咖啡了',
    '累死了',
    '这是跳楼价吗',
    '耳机死机了',
    '不想要了',
    '我要死了，快递怎么还没到',
    '盖子打不死',
    'dying to know',
    'my headphones died',
    'this is killing me',
    'kill the order',
    'Suicide Squad poster',
    "I don't want to live in a box",
    'the battery is dead',
  ]) {
    it(`is not alarmed by: ${text}`, () => expect(tellsDanger(text)).to.equal(false));
  }

  it('takes linear time', () => {
    const start = performance.now();
    for (const part of ['想', '不想再', "don't want to ", 'i want to be ', '活着']) {
      tellsDanger(part.repeat(2000));
    }
    expect(performance.now() - start).to.be.below(200);
  });
});
