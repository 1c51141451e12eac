import { findEntities } from '../src/text/entities/entities.ts';
import { lexiconOf } from '../src/text/entities/lexicon.ts';
import { Reading } from '../src/text/entities/reading.ts';
import { readOptions } from './options.ts';
import { describeMachine, printTable, writeResult } from './result.ts';
import { quantile, rounded } from './stats.ts';

const NOW = Date.parse('2026-11-22T10:00:00+08:00');
const MESSAGES = [
  '你好，我的订单20261101001怎么还没发货呀？',
  '收件人李四，电话138-0013-8000，地址广东省深圳市南山区科技园路8栋101，明天下午三点送',
  'Order 20261116002: 2 boxes missing, refund $40 or call +14155552671 by Friday.',
  '无线耳鸡左边没声，退我三百五十块五毛',
  '我要退货',
];
const SHAPES = [
  '1',
  '12 ',
  '1-',
  'a@a.',
  'www.',
  '一十',
  '一点',
  '省市区',
  '北京市',
  '三块',
  'three ',
  'a ',
  '¥1,',
  '1,000',
  '+1 ',
  '(021)',
  '百分之',
  ' ',
  '1a一 ',
  '😀',
];

/**
 * What it takes to find all entities: of messages as customers write them, and of 100 KB of pieces that
 * are made to be slow, as the service reads them (5,000 units) and whole.
 */
export async function bench(args: readonly string[]): Promise<void> {
  const settings = readOptions(args, { rounds: 200, kilobytes: 100 });
  const machine = await describeMachine();
  const lexicon = lexiconOf([
    { id: 'wireless-earbuds', names: ['无线耳机', '蓝牙耳机', 'wireless earbuds'] },
    { id: 'power-bank', names: ['充电宝', '移动电源', 'power bank'] },
    { id: 'coffee-machine', names: ['咖啡机', 'coffee machine'] },
  ]);
  const run = (text: string, limit?: number): number => {
    const begun = performance.now();
    findEntities(new Reading(text, limit), { now: NOW, lexicon });
    return performance.now() - begun;
  };
  for (const message of MESSAGES) for (let i = 0; i < 50; i++) run(message);
  const messages = MESSAGES.map((message) => {
    const times = Array.from({ length: settings.rounds }, () => run(message));
    return {
      message: message.slice(0, 24),
      p50Us: rounded(quantile(times, 0.5) * 1000),
      p99Us: rounded(quantile(times, 0.99) * 1000),
    };
  });
  const size = settings.kilobytes * 1000;
  const slow = SHAPES.map((shape) => {
    const text = shape.repeat(Math.ceil(size / shape.length)).slice(0, size);
    const median = (limit: number | undefined): number =>
      rounded(
        quantile(
          Array.from({ length: 9 }, () => run(text, limit)),
          0.5,
        ),
      );
    return { shape: JSON.stringify(shape), readMs: median(undefined), wholeMs: median(Infinity) };
  });
  printTable(messages);
  printTable(slow);
  const command = ['npm run bench -- entities', ...args].join(' ');
  console.log(await writeResult('entities', { command, machine, settings, messages, slow }));
}
