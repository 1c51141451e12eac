/** A large made-up knowledge base: the same for the same seed and size, in both languages. */
import type { Lang } from '../../src/message.ts';
import { seeded } from '../stats.ts';

/** An entry to index. */
export interface Entry {
  readonly id: string;
  readonly questions: readonly string[];
  readonly answer: string;
}

/** A question that is in no entry, and the entry that answers it. */
export interface Question {
  readonly text: string;
  readonly id: string;
}

interface Words {
  /** Parts of names: of a name each comes from another list. */
  readonly names: readonly (readonly string[])[];
  readonly things: readonly string[];
  /** Ways to ask one thing; the first ones are indexed, the last is asked. `#` is what it is about. */
  readonly topics: readonly (readonly string[])[];
  readonly answers: readonly string[];
  readonly join: string;
}

const ZH: Words = {
  names: [
    Array.from('云海星月风雷光影青白金银山川松竹梅兰晨暮晴雨雪霜春夏秋冬东南'),
    Array.from('行客舟帆羽翼心意城港原野桥路灯塔歌舞图卷墨香茶酒石泉湖溪峰岭'),
  ],
  things: Array.from(
    '耳机 背包 键盘 咖啡机 台灯 手表 音箱 充电器 雨伞 水杯 电饭煲 吹风机 鼠标 相机 帐篷 行李箱 跑鞋 床垫 书桌 风扇'.split(
      ' ',
    ),
  ),
  topics: [
    ['#保修多久', '#的质保期是几年', '请问#的保修期有多长'],
    ['#怎么清洗', '#脏了如何清洁', '我的#要怎么清洗比较好'],
    ['#能退货吗', '#不喜欢可以退吗', '#不喜欢的话想退货可以吗'],
    ['#有什么颜色', '#可以选哪些颜色', '你们的#颜色有哪几种'],
    ['#什么时候有货', '#缺货了多久补货', '#现在没货吗什么时候有'],
  ],
  answers: ['请在订单页面查看，客服会在一个工作日内处理。', '详情见说明书第三页，也可以联系客服。'],
  join: '',
};

const EN: Words = {
  names: [
    'amber birch cedar delta ember falcon glacier harbor indigo jasper kestrel lunar maple nova onyx pine quartz raven summit tundra umber violet willow xenon yarrow zephyr basalt coral dune fjord'.split(
      ' ',
    ),
    'drift peak trail wave spark stone field ridge crest bloom forge haven light brook cove grove meadow shade stream vale mist gale flint reef isle bay moor dell glen ford'.split(
      ' ',
    ),
  ],
  things:
    'headphones backpack keyboard kettle lamp watch speaker charger umbrella bottle cooker dryer mouse camera tent suitcase sneakers mattress desk fan'.split(
      ' ',
    ),
  topics: [
    [
      'how long is the warranty of the #',
      'is the # under guarantee',
      'what warranty does the # have',
    ],
    ['how do I clean the #', 'what is the way to wash a #', 'best way to clean my #'],
    ['can I return the #', 'may I send back a # I do not like', 'is it possible to return the #'],
    [
      'which colours does the # have',
      'what color options for the #',
      'what colours is the # sold in',
    ],
    [
      'when is the # back in stock',
      'the # is sold out, when is it restocked',
      'when will the # be in stock again',
    ],
  ],
  answers: [
    'See the order page; our staff answers within one working day.',
    'Details are on page three of the manual, or ask our staff.',
  ],
  join: ' ',
};

const WORDS: Readonly<Record<Lang, Words>> = { zh: ZH, en: EN };

/** @param size at most 100,000 are distinct by name and thing; above that they repeat with a number */
export function corpus(lang: Lang, size: number): { entries: Entry[]; questions: Question[] } {
  const { names, things, topics, answers, join } = WORDS[lang];
  const [first = [], second = []] = names;
  const perName = things.length * topics.length;
  const entries: Entry[] = [];
  const questions: Question[] = [];
  for (let i = 0; i < size; i++) {
    const name = Math.floor(i / perName);
    const round = Math.floor(name / (first.length * second.length));
    const about = [
      first[name % first.length],
      second[Math.floor(name / first.length) % second.length],
      ...(round === 0 ? [] : [String(round + 1)]),
      things[i % things.length],
    ].join(join);
    const asked = topics[Math.floor(i / things.length) % topics.length] ?? [];
    const texts = asked.map((text) => text.replace('#', about));
    const id = `entry-${i}`;
    entries.push({
      id,
      questions: texts.slice(0, -1),
      answer: `${about}${join}${answers[i % answers.length] ?? ''}`,
    });
    questions.push({ id, text: texts.at(-1) ?? '' });
  }
  return { entries, questions };
}

/** Some of them, the same for the same seed. */
export function some<T>(all: readonly T[], count: number, seed: number): T[] {
  const random = seeded(seed);
  return Array.from({ length: Math.min(count, all.length) }, () => {
    return all[Math.floor(random() * all.length)] as T;
  });
}
