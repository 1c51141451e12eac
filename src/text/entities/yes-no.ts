/** Yes and no, in the many ways people say them. */
import { fold } from '../fold.ts';

const set = (words: string): ReadonlySet<string> => new Set(words.split('|'));

const YES = set(
  '是|对|好|可以|行|要|嗯|恩|成|中|妥|没错|没问题|没有问题|没毛病|确认|确定|当然|当然可以|同意|需要|有|肯定|愿意|想|想要|就是|就这样|' +
    '是这样|是这个|就这个|都对|全对|我确认|我确定|我同意|提交|确认提交|继续|正确|准确|无误|确认无误|得|必须|要继续|好呢|是我|属实|' +
    'ok|okay|okey|k|kk|yes|yeah|yea|yep|yup|ya|y|sure|sure thing|of course|certainly|definitely|absolutely|correct|right|' +
    "that's right|that is right|thats right|that's correct|that is correct|thats correct|confirm|confirmed|i confirm|go ahead|" +
    'please do|do it|yes please|yes i do|yes it is|i do|it is|sounds good|good|fine|great|perfect|all right|alright|affirmative|' +
    "i'm sure|i am sure|im sure|" +
    'true|agreed|agree|i agree|no problem|why not|exactly|indeed|continue|proceed|submit|looks good|that works',
);
const NO = set(
  '不|不是|不要|否|不对|没有|没|别|不行|不用|不可以|不好|不想|不需要|不同意|不确认|不必|不成|不正确|不准确|错|错误|无|取消提交|' +
    '先不|先不要|先不用|暂时不用|暂时不要|还是不要|还是不用|还是算|不愿意|不提交|不继续|有误|有问题|不是这样|不是我|' +
    "no|nope|nah|n|no way|not really|don't|dont|do not|don't do it|not|no don't|no dont|never|no thank you|no thanks|negative|false|" +
    "wrong|incorrect|not correct|that's wrong|thats wrong|not right|that's not right|i don't|i do not|it isn't|it is not|it's not|" +
    'disagree|not now|not yet|no need|absolutely not|of course not|definitely not|certainly not|certainly no',
);
/** Beginnings that settle it, whatever follows. */
const YES_FIRST =
  /^(?:是的|对的|好的|嗯嗯|嗯|确认|确定|没错|没问题|可以的|要的|ok|yes|yeah|yep|sure|correct)(?![a-z]) ?(?=[^ 吗么不一下话])/;
/** A yes with one of these is none. */
const YES_BUT =
  /但|不过|可是|只是|不对|错了|改成|改为|换成|\b(?:but|except|however|wrong|change|instead)\b/;
const NO_FIRST = /^(?:不要|不用|不是|不对|不行|不需要|别|先别|no |nope |don't |dont |do not |not )/;
/** Looks like an answer and is none. */
const NEITHER =
  /不确定|不清楚|不知道|不太|说不准|不一定|不是不|不好说|对了|是不是|可不可|好不好|要不|行不行|对不对|不好意思|吗|[?]|not sure|unsure|no idea|not certain|don't know|dont know|maybe|not bad|not only|no matter|not impossible/;
const PARTICLES = /[啊呀哦噢喔哈啦吧嘛呗哟的哒滴了呢哇耶唉嗯]+$/u;
const TAIL = / (?:please|thanks|thank you|pls|thx)$| ?(?:谢谢|多谢)[你您啦了]?$| ?麻烦了$/;
const FIRST_WORDS =
  /^(?:请|麻烦|那就|那|嗯|哦|噢|啊|呃|额|我觉得|应该|please|well|oh|um|uh|ah|hmm|so|i think) ?/u;

/**
 * Yes or no, or `undefined` where the text is neither, or both ("不是不可以", "not sure"). What is said
 * beside the answer does not matter ("是的，就这个地址"). 算了 and "cancel" are not no: they end a dialog.
 */
export function readYesNo(text: string): boolean | undefined {
  return yesNoIn(text)?.value;
}

/** Like {@link readYesNo}; `whole` says that nothing else was said. */
export function yesNoIn(
  text: string,
): { readonly value: boolean; readonly whole: boolean } | undefined {
  const folded = fold(text.slice(0, 2000)).text;
  const parts = folded.split(/[,.;:!~。、"()]| - |\s{2,}/).map((p) => p.trim());
  const said = parts.filter((part) => part !== '');
  if (said.some((part) => NEITHER.test(part) && part.length < 12)) return undefined;
  const whole = wordAnswer(said.join(' '));
  if (whole !== undefined) return { value: whole, whole: true };
  const answers = said.map(wordAnswer);
  const clear = new Set(answers.filter((answer) => answer !== undefined));
  if (clear.size > 1) return undefined;
  const [only] = clear;
  if (only !== undefined) {
    const rest = said.filter((_, i) => answers[i] === undefined);
    if (rest.some((part) => NEITHER.test(part) && part.length < 4)) return undefined;
    if (only && rest.some((part) => YES_BUT.test(part))) return undefined;
    return { value: only, whole: rest.every((part) => isCourtesy(part)) };
  }
  const first = said.find((part) => !isCourtesy(part)) ?? '';
  if (NEITHER.test(first)) return undefined;
  if (NO_FIRST.test(first)) return { value: false, whole: false };
  const yes = YES_FIRST.exec(first)?.[0];
  if (yes === undefined || said.some((part) => YES_BUT.test(part))) return undefined;
  const restIsYes = said.length === 1 && wordAnswer(first.slice(yes.length)) === true;
  return { value: true, whole: restIsYes };
}

const COURTESY = set(
  '谢谢|谢谢你|谢谢您|多谢|麻烦了|辛苦了|你好|您好|亲|请|thanks|thank you|thx|ty|please|hi|hello|pls|哦|啊|呃|um|uh|well|oh',
);

function isCourtesy(part: string): boolean {
  return COURTESY.has(part);
}

function wordAnswer(part: string): boolean | undefined {
  for (const form of formsOf(part)) {
    if (YES.has(form)) return true;
    if (NO.has(form)) return false;
  }
  return undefined;
}

/** The part as it is, without particles, without a first filler, and said once ("对对对", "no no"). */
function formsOf(part: string): readonly string[] {
  if (part.length > 40) return [];
  const forms = [part];
  const rest = part.replace(FIRST_WORDS, '').trim();
  if (rest !== '') forms.push(rest);
  for (const form of [...forms]) {
    const bare = form.replace(PARTICLES, '');
    if (bare !== '') forms.push(bare);
  }
  for (const form of [...forms]) {
    const tail = form.replace(TAIL, '').trim();
    if (tail !== '' && tail !== form) forms.push(tail, tail.replace(PARTICLES, ''));
    const once = /^(.{1,6}?)(?: ?\1){1,3}$/u.exec(form)?.[1];
    if (once !== undefined) forms.push(once, once.replace(PARTICLES, ''));
  }
  return forms;
}
