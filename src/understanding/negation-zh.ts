import type { Negation } from './negation.ts';

/** Words that refuse what follows them. */
const CUE =
  /不至于|犯不上|(?:请|切|千万)?勿(?![念忘扰])|(?<![被遭])拒绝(?=[退换开转改查]|投诉|申请|人工)|莫要|懒得(?![理听看等])|唔(?:使|好)|唔想(?![到])|没有?(?=投诉)|不(?:麻烦|劳烦|惊动|存在)|(?<![特分区级性类个告辨识鉴差派判离])别(?![人的家处名墅称样扭致针克急担客说忘闹逗介误提])|甭|无需|无须|毋需|用不着|犯不着|放弃|不(?:太|再|怎么)?(?:想要?(?![到说念起])|需要|要求|要(?![紧脸命])|用(?![谢担心])(?!客气)|打算|准备|考虑|愿意|希望|必(?!须))|没有?(?:想要?(?![到好明])|打算|准备(?!好)|说过?要|要求|必要|申请|需要|要)|没有?(?:让|叫|请)(?:你们?|您)|不是(?=[退换改开取投查转找要想来打为申咨催])|不是(?:说(?![好可了过能])|问(?!题))/gu;
/** Verbs that a bare 不 refuses: 我不退了. Others (不知道, 不满意) state something. */
const VERB =
  '退|换|买|改|变|动|叫|联系|报销|开(?![心机门])|取消|投诉|查|寄|付|订|转|找|申请|修|维修|加|续|领|办|注册|注销|升级|预约|绑定|提交|报|签收|下单|催|等';
const BARE = new RegExp(
  `(?<=我|我们|先|暂时?|还是|决定|算了|现在|目前|今天|这次|这回)不(?=${VERB}|[a-z]{4})|(?<=^|[就那也都]|现在)不(?=(?:${VERB})[^,]{0,12}[了啦]$)|(?<=^)不(?=(?:${VERB})(?:货|票|发票|地址|订单|快递|人工)?$)`,
  'gu',
);
const BARE_FRONTED = new RegExp(`^(.{1,8})不(${VERB})[了啦]$`, 'u');
const DROPPED =
  /^(.{2,10}?)(?:什么的|的?这?事情?|的?那?事情?|的?申请)?(?:(?:就|还是|的事|这事|那事)算了|(?:就|还是|先|暂时|都)*(?:免了|作罢|不必了|省了|放放|放一放|缓缓|缓一缓|搁一搁|以后再说|再说|别提了))[吧啦]?$/u;
/** 收货地址不变: nothing is to be done about it. */
const UNCHANGED =
  /^(?!.*(?:物流|快递|包裹|状态|进度|轨迹))(.{2,8}?)(?:还是|就|都|保持|也|先)*(?:(?:不用?|别)(?:变|动|改动|变动)|(?<![天日周月久])没变)[了啦的吧]?$/u;
const AS_BEFORE =
  /^(.{2,8}?)(?:就|还是|还|继续)*(?:用|按|照|寄|是)(?:原来|之前|以前|默认)的?(?:那个|地址)?$/u;
/** 没有退货的意思, 退货不是我的意思, 没什么要投诉的 */
const NO_INTENT =
  /没有?(?:要|想)?(.{2,12}?)的(?:意思|打算|想法|念头|计划|必要)|^(.{2,12}?)(?:并|可)?不是我(?:们)?的?(?:意思|本意|意愿)|^(?:我|也|真的|其实)*没(?:有)?(?:什么|啥)(?:好|可|要|想)(?:以|要)?(.{2,8})的$/u;
/** 要不要退货我还没想好, 没决定要不要退货: nothing is wished yet. */
const UNDECIDED =
  /^(?:我|到底)?(?:要不要|该不该|是否要?)(.{1,10}?)(?:我|们|还|也|真的?)*(?:没有?(?:想好|决定|想清楚|考虑好|确定)|(?:在|再)?(?:犹豫|纠结|考虑))(?:中|呢|一下)?$|(?:没有?(?:想好|决定好?|想清楚|考虑好|确定)|不确定|在?(?:犹豫|纠结|考虑))(?:到底)?(?:要不要|该不该|是否要?)(.{1,10})$/u;
/** 谁说我要退货了: asks nothing. */
const RHETORIC =
  /^谁(?:要|让|叫|请)(?:你们?|您)(?:帮我|给我)?([^错不慢没坏骗]{2,12}?)[了啊呀吗?]*$|^(?:谁说过?|我(?:什么时候|啥时候|何时|几时|哪有|哪里)说过?)(?:我|了)?(?:要|想)(.{2,12}?)[了啊呀吗?]*$/u;
/** 我不是要投诉谁: no question. */
const ANYTHING = /(?<=\p{Script=Han}{2})(?:谁|什么|啥)$/u;

/** 地址没错: what is said to be right needs nothing done. */
const RIGHT = /^(.{2,10}?)(?:都|也|并|又)?没有?(?:[写填弄搞选买发]错|错)[的了啊呀哦呢]?$/u;
/** 算了 beside a refusal says no more than the refusal. */
const LET_BE = /^(?:那|还是|那就|那还是)?(?:算了|不用了|没事了?)[吧啦哈]?$/u;
/** To refuse these is to ask for a person. */
const MACHINE =
  /^(?:再|老)?(?:跟|和|与|同|用|让|听|对着|找)?(?:你们?|这个|那个)?(?:机器人|智能客服|人工智能|自动回复|机器|ai|bot)(?:客服)?(?:$|[聊说讲谈回接来]|沟通|对话|交流|敷衍|应付|打发)/u;

/** "don't 退货", "no退货" */
const ENGLISH =
  /(?<![a-z'])(?:don't|dont|do not|not)(?: (?:want|need))?(?: to)?\s*(?=[退换开转改查投发取])|(?<![a-z'])no(?=[退换开转改查投发取])/gu;

const OTHERS = /商家|卖家|店家|店铺|客服|你们?|您|他们?|她|平台|快递|老板|系统|对方/u;
const WANTS_ZH =
  /拒绝|懒得|不想|不打算|不愿意|没想|没打算|没准备|不需要|不准备|不考虑|不太想|不希望/u;
/** 不用发票可以退货吗: without the thing. */
const WITHOUT = /用|需|须/u;
const DOUBLED = /(?:不是|不得|不能|不可以|不可能|不会|没有|并非|无法|绝不|不敢)$/u;
const QUESTION =
  /为什么|为啥|为何|凭什么|怎么(?!样都)|怎样|如何|咋|什么|哪|谁|多少|多久|吗|是否|能不能|可不可以|可以不|能不|有没有|是不是|会不会|要不要|[?]/u;
const TAG = /(?:可以|行|好|成|能行)(?:吗|么|不|吧)[?]?$|(?:好不好|行不行|可不可以)[?]?$/u;
const CONDITION = /如果|要是|假如|若是|万一|倘若|的话/u;
const ATTRIBUTE = /^(?:要|买|用|穿|收|留)?了?的(?!.{0,2}$)/u;
/** Where, inside what a cue covers, something new begins. */
const BOUNDARY =
  /了(?=[^吗呢吧啊呀哦嘛啦哈的,])|(?=但是?|而是|(?<![还不就也都但可要算总老说只])是(?:要|想|来|换|退|改|查|开|投诉)|可是|不过|改成|换成|改为|转成|只要|只想|只是|就想|就要|我(?:还是)?(?:要|想|需要|希望|打算|决定|只|就)|想(?![要想])|想要|(?<![你您人再来们])帮我|麻烦|(?<![申邀])请|怎么|咋|如何|可以|可不可以|能(?:不能|否|退|换|改|给|帮)|也?不(?:想|要|用)|也?别)/gu;
const SUBJECT =
  /^(?:我们?|那|就|先|还是|暂时|现在|其实|好的?|嗯|你们?|您|请|麻烦|亲|但是?|可是|所以|因为|真的|也|都|已经|而|并|又|再|千万|算了|了|啊|哦|呃|额|不|没有|对|是的?|还|目前|今天)*$/u;
const SUBJECT_END = /(?:我们?|就|先|还是|暂时|现在|也|都|已经|真的|其实|我还是)+$/u;
const POSITIVE = /要|想|需要|帮|请|麻烦|可以|希望|是/u;
const EMPTY =
  /^(?:这|那|个|它|他|东西|的|了|啦|吧|啊|呀|哦|呢|嘛|谢谢|再|都|也|先|现在|你|您|些|件|一下|任何|哈|要|想|这里|什么|太|很|多|[ !.。~])*$/u;
const PARTICLES = /(?:了|啦|吧|啊|呀|哦|呢|嘛|哈|谢谢|再说|[ !.。~])+$/u;

/** Longer ones are cut, so that many cues in one take no longer than as many clauses. */
const CLAUSES = /[^,。.;!?、…\n ~]{1,200}[?]?/gu;

interface Found {
  readonly negated: string;
  /** What of the clause asks for something nevertheless. */
  readonly before: string;
  readonly after: string;
}

/** {@link negatedScope} for normalised Chinese text. */
export function negatedZh(text: string): Negation {
  const joined = text.replace(/([要用想别])\s+(?=\p{Script=Han})/gu, '$1').replace(ENGLISH, '不要');
  const open = joined.match(CLAUSES)?.reverse() ?? [];
  const kept: string[] = [];
  let negated: string | undefined;
  const others = OTHERS.test(text);
  for (let clause = open.pop(); clause !== undefined; clause = open.pop()) {
    const found = refusal(clause, others);
    if (found === undefined) {
      kept.push(clause);
      continue;
    }
    negated ??= found.negated;
    if (found.before !== '') kept.push(found.before);
    if (found.after !== '') open.push(found.after);
  }
  if (negated === undefined) return { rest: text };
  return { negated, rest: kept.filter((clause) => !LET_BE.test(clause)).join(',') };
}

/** The first part of a clause that is refused, where it names something. */
function refusal(clause: string, others: boolean): Found | undefined {
  const right = RIGHT.exec(clause)?.[1];
  if (right !== undefined && !QUESTION.test(clause) && !SUBJECT.test(right) && names(right)) {
    return { negated: `${right}错`, before: '', after: '' };
  }
  const rhetoric = covers(RHETORIC.exec(clause) ?? UNDECIDED.exec(clause));
  if (rhetoric !== undefined && names(rhetoric))
    return { negated: rhetoric, before: '', after: '' };
  const dropped =
    DROPPED.exec(clause)?.[1] ??
    (UNCHANGED.exec(clause) ?? AS_BEFORE.exec(clause))?.[1] ??
    covers(NO_INTENT.exec(clause)) ??
    fronted(BARE_FRONTED.exec(clause));
  if (
    dropped !== undefined &&
    !QUESTION.test(clause.replace(/什么的|没有?[什啥]么?/u, '')) &&
    names(dropped) &&
    !CONDITION.test(clause)
  ) {
    return { negated: dropped.replace(SUBJECT_END, ''), before: '', after: '' };
  }
  const cues = [...clause.matchAll(CUE), ...clause.matchAll(BARE)].sort(
    (a, b) => a.index - b.index,
  );
  for (const cue of cues) {
    // 卖家发错了,不退: they refuse.
    if (others && cue[0] === '不' && cue.index === 0 && !/[了啦]$/u.test(clause)) continue;
    const found = covered(clause, cue.index, cue.index + cue[0].length);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** What the form that matched is about. */
function covers(match: RegExpExecArray | null): string | undefined {
  return match?.slice(1).find((part?: string) => part !== undefined);
}

/** 发票不开了: the thing stands before the verb. */
function fronted(match: RegExpExecArray | null): string | undefined {
  const [, thing, verb] = match ?? [];
  if (thing === undefined || verb === undefined) return undefined;
  if (OTHERS.test(thing) || POSITIVE.test(thing) || DOUBLED.test(thing)) return undefined;
  const bare = thing.replace(SUBJECT_END, '').replace(/^我的?/u, '');
  return SUBJECT.test(bare) ? undefined : bare + verb;
}

function names(scope: string): boolean {
  return !EMPTY.test(scope) && !OTHERS.test(scope) && !MACHINE.test(scope);
}

function covered(clause: string, start: number, end: number): Found | undefined {
  const before = clause.slice(0, start);
  const cue = clause.slice(start, end);
  // 要不要, 能不能, 有没有: the same character on both sides asks.
  if (before !== '' && before.at(-1) === cue.at(1)) return undefined;
  if (DOUBLED.test(before)) return undefined;
  if (OTHERS.test(before.slice(-4)) && (cue === '不' || WANTS_ZH.test(cue))) return undefined;
  const tail = clause.slice(end);
  BOUNDARY.lastIndex = 1;
  const boundary = tail.length > 1 ? BOUNDARY.exec(tail) : null;
  const cut = tail.startsWith('了') && tail.length > 1 ? 1 : boundaryEnd(boundary, tail);
  const segment = before + cue + tail.slice(0, cut);
  const plain = cut === tail.length ? segment.replace(TAG, '').replace(ANYTHING, '') : segment;
  if (CONDITION.test(plain) || QUESTION.test(plain)) return undefined;
  if (WITHOUT.test(cue) && QUESTION.test(tail)) return undefined;
  const said = plain.slice(end).replace(PARTICLES, '');
  const scope = cue === '不是' ? said.replace(/^(?:想要?|要|来|为了|打算)/u, '') : said;
  if (ATTRIBUTE.test(tail) || MACHINE.test(scope)) return undefined;
  const asks = POSITIVE.test(before);
  const thing = asks || SUBJECT.test(before) ? '' : before.replace(SUBJECT_END, '');
  if (EMPTY.test(scope) && (thing === '' || cut < tail.length)) return undefined;
  return {
    negated: EMPTY.test(scope) ? thing : thing + scope,
    before: asks && !SUBJECT.test(before) ? before.replace(/[而但又]$/u, '') : '',
    after: tail.slice(cut),
  };
}

function boundaryEnd(boundary: RegExpExecArray | null, tail: string): number {
  return boundary === null ? tail.length : boundary.index + boundary[0].length;
}
