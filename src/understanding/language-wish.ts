/** "English please", "请说中文": the customer asks for a language in so many words. */
import type { Lang } from '../message.ts';
import { coreOf } from '../text/analyzer.ts';

const NAME = '(中文|汉语|普通话|国语|华语|简体中文|简体字?|英文|英语|english|chinese|mandarin)';
const WISH_ZH = new RegExp(
  '^(?:我)?(?:请|麻烦|能不能|可不可以|可以|能否|能|帮我|想要?|要|会|希望)*(?:你|您|我们)?(?:可以|能|会)?' +
    `(?:请)?(?:用|说|讲|切换?(?:到|成|为|回)?|转(?:到|成|为)?|换(?:到|成|回)?|改(?:成|用|为|回)?|使用|回复)*(?:一下)? ?${NAME} ?` +
    '(?:版|模式|界面)?(?:来|跟我|和我)?(?:回复|回答|交流|沟通|聊天?|说|讲|服务|对话|please)?(?:我)?(?:吗|么|吧|可以吗|好吗|行吗|好不好|行不行)?[?]?$',
  'u',
);
const WISH_EN = new RegExp(
  "^(?:(?:can|could|would|will) (?:you|we|i) |i (?:want|would like|prefer|need|speak only|only speak)(?: to)? |i'd (?:like|prefer)(?: to)? |let's |do you |let us )?" +
    '(?:please )?(?:speak|talk|use|switch(?: the language)?(?: back)?(?: over)? (?:to|into)|change(?: the)?(?: language)?(?: back)? (?:to|into)|reply|answer|respond|write|continue|chat|have|go)?' +
    `(?: with me| to me| me)?(?: back)?(?:(?: |^)(?:in|to))? ?${NAME}(?: version| language| only)?(?: instead| now)?(?: please| pls)?$`,
  'u',
);
/** Longest message that may be one, in UTF-16 units. */
const LONGEST = 60;

/**
 * The language that a message asks to be answered in; `undefined` where it asks for something else
 * ("说明书有英文吗" and "an English keyboard" do). A language's bare name is a wish only with `bare`.
 */
export function languageWish(text: string, bare: boolean): Lang | undefined {
  if (text.length > LONGEST) return undefined;
  for (const lang of ['zh', 'en'] as const) {
    const core = coreOf(text, lang);
    const name = (lang === 'zh' ? WISH_ZH : WISH_EN).exec(core)?.[1];
    if (name === undefined) continue;
    if (!bare && core === name && core === text.trim().toLowerCase()) return undefined;
    return /^[英e]/u.test(name) ? 'en' : 'zh';
  }
  return undefined;
}
