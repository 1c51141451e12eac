/** Characters and words that questions of every kind share; on their own they say nothing. */
const ZH = new Set(
  '我你您他她它们咱俺的了吗呢吧啊呀嘛哦么嗯哈怎什请问想要是在有和就都也还个这那能可以会不没一下对给把被去来说得着过为啥咋谁哪几多少里上好帮麻烦会该让用做办样些跟与或但很太再又已经如何是否呗',
);
const EN = new Set(
  (
    'i im ive id me my mine you your youre we our us it its is isnt am are arent was were be been do dont does doesnt ' +
    'did a an the this that these those there here to of in on at for from with and or but so if by as about ' +
    'can cant could may might will would should shall how what whats when where why who which whose please ' +
    'have has had got get getting not no any some just also then than into out up want need like know tell ' +
    'say let make let lets hi hello hey thanks ok okay yes'
  ).split(' '),
);

/** Weight of a stop term beside the others; not 0, so that two equal questions stay equal. */
const STOP_WEIGHT = 0.1;

function isStopTerm(term: string): boolean {
  if (term === '?' || term === '!') return true;
  if (term.includes(' ')) return term.split(' ').every((word) => EN.has(word));
  if (EN.has(term)) return true;
  for (const char of term) if (!ZH.has(char)) return false;
  return true;
}

/** How much a term may count, whatever its rarity: 1, or little for a stop term. */
export function weightOfWord(term: string): number {
  return isStopTerm(term) ? STOP_WEIGHT : 1;
}
