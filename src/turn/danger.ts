/** Words by which somebody says that they, or another, may end their life or be hurt. */
import { cap } from '../text/analyzer.ts';
import { fold } from '../text/fold.ts';

/** "笑死我了", "跳楼价" and "想死你们了" are figures of speech. */
const DANGER_ZH =
  /不想(?:再)?活|(?<!不)想(?:要|去|一)?死(?!你|您|他|她|它|我|这|那|了个|机|灰|党|磕|心眼|人)|自杀(?!式)|自尽|轻生|寻短见|寻死|了结(?:自己|生命|这一生|余生|一切)|结束(?:我|自己)?的?(?:生命|人生|性命)|活不下去|活着(?:真|好|也|都|就|太|还)?(?:没|有什么|有啥|什么)(?:啥|什么)?(?:意思|意义|劲|盼头)|割腕|(?:要|想|去|准备|打算|就)(?:跳楼|跳河|跳江|跳海|上吊|服毒|烧炭)(?!价|甩|大|促)|死给(?:你|他|她|大家)|(?:不如|干脆|还是)死了(?:算|吧|好|干净)|自残|自我了断|遗书|伤害自己|一了百了|没有我(?:大家)?会更好/u;
const DANGER_EN =
  /\b(?:kill(?:ing)? (?:myself|himself|herself|themselves)|(?:commit(?:ting)?|attempt(?:ed|ing)?|considering|contemplating|thinking (?:of|about)) suicide|suicidal|suicide(?! squad| door| watch)|end(?:ing)? (?:my|his|her|their) (?:own )?life|end it all|tak(?:e|ing) (?:my|his|her) (?:own )?life|(?:want|wanna|wanted|going|ready|rather|wish i could|prefer) (?:to )?(?:die|be dead)\b(?! for| laughing| of laugh)|wish i (?:was|were) dead|(?:do not|don't|dont|no longer) want to (?:live|be alive|exist|wake up)(?! (?:in|near|at|with|on|here)\b)|(?:no|nothing|not worth) (?:reason )?(?:to )?liv(?:e|ing) for|life is(?: not|n't) worth living|better off (?:dead|without me)|hurt(?:ing)? myself|harm(?:ing)? myself|self[- ]harm|cut(?:ting)? myself (?:again|on purpose)|can(?:'t|not| not) go on living|jump off (?:a|the) (?:bridge|building|roof))\b/u;

/**
 * Whether a message tells of danger to somebody's life. A careful word too many does no harm; one too
 * few may.
 * @param text only the first 2,000 characters count
 */
export function tellsDanger(text: string): boolean {
  const said = fold(cap(text)).text.replace(/\u2019/gu, "'");
  return DANGER_ZH.test(said) || DANGER_EN.test(said);
}
