import type { Utterance } from '../../src/knowledge/types.ts';
import type { TrainingLines } from '../../src/understanding/train.ts';

const zh: Readonly<Record<string, readonly string[]>> = {
  'order.return': ['我要退货', '想退货', '东西坏了要退', '申请退货', '这个可以退吗', '帮我退一下'],
  'order.status': [
    '我的快递到哪了',
    '查物流',
    '订单什么时候到',
    '查一下订单',
    '快递还没到',
    '物流信息',
  ],
  'order.invoice': [
    '开发票',
    '我要发票',
    '帮我开一张发票',
    '发票怎么开',
    '能开公司发票吗',
    '补开发票',
  ],
};

const en: Readonly<Record<string, readonly string[]>> = {
  'order.return': [
    'I want to return this',
    'return my order',
    'send it back',
    'how do I return an item',
    'start a return',
    'I would like to return the shoes',
  ],
  'order.status': [
    'where is my parcel',
    'track my order',
    'when will it arrive',
    'has my order shipped',
    'order status',
    'my package has not arrived',
  ],
};

const lines = (by: Readonly<Record<string, readonly string[]>>): Utterance[] =>
  Object.entries(by).flatMap(([intent, texts]) => texts.map((text) => ({ text, intent })));

/** A small shop in both languages. */
export const SHOP: TrainingLines = { zh: lines(zh), en: lines(en) };
