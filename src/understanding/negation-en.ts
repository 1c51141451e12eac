import type { Negation } from './negation.ts';

const FILLER =
  '(?:(?:nah|nope|hmm|um|look|listen|please|pls|kindly|just|so|ok|okay|no|and|but|actually|wait|hey|hi|hello|also|then|sorry|well|yes|yeah|now|honestly|really|oh|thanks|guys) )*';
/** The customer's own refusal; `i` may be left out at the beginning. */
const OWN =
  "(?:(?:i|we) )?(?:really |actually |still |honestly |definitely |just |also )*(?:(?:do not|don't|dont|did not|didn't|didnt|would not|wouldn't) (?:really |actually |even |ever |currently )*(?:require|have to|want|wanna|need|wish|plan|intend|mean|feel like|like (?=to )|think i (?:want|need|should))|no longer (?:want|need|wish|require|plan))|" +
  "(?:(?:i|we) )?(?:do not|don't|dont|did not|didn't|didnt|never|have not|haven't) (?:ever |actually )?(?:ask(?:ed)?|request(?:ed)?|apply|applied)(?: you)?(?: for| to)?|" +
  "(?:(?:i|we) )?(?:did not|didn't|didnt|never) (?:say|said|mean|meant)(?: that)?(?: (?:i|we))?(?: (?:(?:want|wanted|need|needed)(?: to)?|(?:would|'d) like(?: to)?))?|" +
  "(?:i|we) (?:refuse|decline)(?= to)|you (?:do not|don't|dont) (?:have to|need to|need)|you need(?:n't| not)|(?:you|we) (?:can|may|could) (?:just )?(?:skip|forget|drop|leave out)|" +
  "(?:i|we) (?:can|could) (?:do|go|live|manage) without|(?:(?:i|we) )?(?:have|'ve|had|got)(?: got)? no (?:intention|plans?|wish|desire|need|interest|reason|use)(?: of| to| for| in)?|(?:i|we) have no (?=complaints?\\b)|" +
  "(?:(?:i|we) )?(?:(?:have )?(?:gave|given|give) up (?:on )?|(?:have )?(?:dropped|cancelled|canceled|abandoned) (?:the |my )?(?:idea|plans?) (?:of|to|for)|(?:let's|lets|let us) not)|" +
  "(?:it|this|that)(?:'s| is| was) not (?:about |for )?(?=(?:a|an|my|any|the) )|(?:it|this|that) (?:isn't|isnt|wasn't|ain't) (?:about |for )?(?=(?:a|an|my|any|the) )|" +
  "(?:(?:i|we) )?(?:was not|wasn't|wasnt|were not|weren't) (?:asking|trying|going|looking|planning|meaning)(?: for| to)?";
const PROGRESSIVE =
  "(?:(?:i am|i'm|im|we are|we're) )?(?:really |actually |definitely )*not (?:after|up for|in need of|in the mood for|going|trying|looking|here|planning|asking|intending|interested|requesting|gonna|(?=[a-z]{2,}ing\\b)(?!(?:receiv|gett|see|find|feel|be|hav|understand|know|hear|work|happen|kidd|jok|ly|say|tak|leav|pay|wait)ing\\b))|(?:i am|i'm|im) no longer interested|(?:i|we) (?:will not|won't|wont|would not|wouldn't|shall not|shan't)(?: be)?(?! (?:receive|get|have|be able|know|mind|see|understand|fit|work|wait)\\b)|(?:i|we) (?:have )?decided (?:not|against)|(?:i|we)(?:'d| would)? (?:rather|prefer) not|(?:i|we)(?: have|'ve)? changed my mind (?:about|on|regarding)";
const ANYWHERE =
  "(?:there is |there's )?no (?:need|reason|point)(?= to| for| in)|instead of|rather than|(?:can|could|would|will) you please (?:not|stop)|please (?:not|stop)";
const IMPERATIVE =
  "(?:do not|don't|dont|never)(?= )(?! (?:know|worry|you|i|we|they|understand|have|see|think|get(?! (?:me|us) )|forget|tell me|remember|hesitate|mind|like|want|need|care|wanna|wish|plan|intend|mean|feel|really|actually|even|ever|receive|work|currently)\\b)|never ?mind(?: about)?|(?:scrap|skip|ditch|ignore|disregard|undo|hold off(?: on)?|do not bother(?: with)?|don't bother(?: with)?)|forget(?: about)?|stop(?! (?:by|in|working)\\b)|not(?= (?:a|an|the|my|to|for) )";
const CUE = new RegExp(
  `\\b(?:${OWN}|${PROGRESSIVE}|${ANYWHERE})\\b|(?<=^${FILLER})(?:${IMPERATIVE})\\b`,
  'g',
);
/** "the invoice is not needed", "no invoice needed". */
const PASSIVE =
  /^(?:no )?(.{3,60}?) (?:(?:is |are |was )?(?:not|no longer)|isn't|isnt|aren't) (?:needed|necessary|required|wanted)(?: any ?more)?$|^no (.{3,60}?) (?:needed|necessary|required|wanted)$|^(.{3,60}?) (?:won't|wont|will not|would not|wouldn't) be (?:needed|necessary|required)$|^(.{3,60}?) (?:is|was) not what (?:i|we) (?:want|wanted|need|needed|meant|asked for)$|^(?:the|my) ([a-z ]{3,30}?) (?:stays|stay|remains|should stay|can stay|is staying)(?: the same| as (?:it|they) (?:is|are)| as is| unchanged)?$/;
/** "no invoice please", "I keep it, no return": a whole clause. */
const NO_THING =
  /^(?:no|without)(?: more| an?| any| the)? ((?:(?!need\b|one\b|problem|idea|way\b|worr|thank|reply|response|answer|news)[a-z-]{3,20} ?){1,3})$/;
/** Alone, these tell what is missing: "no tracking", "no refund yet". */
const MISSING =
  /\b(?:deliver(?:y|ies)|tracking|parcels?|packages?|updates?|orders?|shipments?|shipping|movement|progress|status|info|information|yet|still|so far|received|arrived|since)\b/;
/** "who needs an invoice anyway": asks nothing. */
const RHETORIC =
  /^who (?:asked (?:you )?(?:for|to)|said (?:that )?(?:i|we) (?:want(?:ed)?|need(?:ed)?)(?: to)?|(?:needs|wants)(?=.{1,60} anyway\??$)) (?:an? |the |any )?(.{2,60}?)(?: anyway)?\??$/;
/** "I'm not sure whether to return it": nothing is wished yet. */
const UNDECIDED =
  /^(?:(?:i am|i'm|im|i|we are|we're|we) )?(?:still )?(?:not (?:yet )?sure(?: yet)?|unsure|undecided|wondering|debating|(?:have not|haven't) (?:yet )?(?:decided|made up my mind)(?: yet)?|(?:do not|don't|dont) know(?: yet)?) (?:if|whether)(?: or not)? (?:to|(?:i|we) (?:should|want to|need to)|i'd like to) (.{3,60})$/;
const POLITELY =
  /[ ,]*\b(?:please|pls|thanks|thank you|thx|from (?:me|us)|for (?:me|us)|today|this time)$/;
/** "leave the address", "keep my address as it is": nothing is to be done about it. */
const LEFT =
  /^(?:please |just |so |ok |and )*(?:leave|keep) (?:the|my) ((?!message|note|review|feedback|comment|parcel|package)[a-z ]{3,30}?)(?: (?:as (?:it|they) (?:is|are)|as is|alone|unchanged|the same))?$/;
/** What says no more than the refusal beside it. */
const LET_BE =
  /^(?:oh |ok |okay |no |wait )*(?:stop|wait|no|nope|nah|forget it|never ?mind|hold on)$/;
/** To refuse these is to ask for a person. */
const MACHINE =
  /\b(?:talk|speak|chat|deal)(?:ing)? (?:to|with) (?:[a-z]{1,12} ){0,3}(?:bots?|chat ?bots?|robots?|machines?|ai|computers?)\b|^(?:[a-z]{1,9} )?(?:chat ?)?(?:bots?|ai|robot)(?: answers?| replies)?$/;
/** A question that is not wanted an answer to belongs to what is refused. */
const NOT_ASKED =
  /^ (?:to )?(?:know|hear|see|check|find out|be told)(?: about)? (?:where|what|how|when|if|whether|why)\b/;

/** A cue may follow these inside a clause; after any other word it belongs to that word. */
const CONNECTED =
  /(?:^|\b(?:nah|nope|yep|hm|hmm|um|look|listen|and|but|so|because|cause|that|said|saying|ok|okay|actually|hi|hello|hey|no|sorry|please|well|think|guess|honestly|now|then|yes|yeah|also|since|as|sure|or|though|really|decided|i|we|just|oh|wait|thanks) )$/;
const QUESTION_START = new RegExp(
  `^${FILLER}(?:why|how|what|when|where|who|which|can|could|do(?! not)|does|did|is|are|will|would|should|may|am|isn't|don't (?:you|i|we|they)|doesn't|aren't|whats|what's)\\b`,
);
const POLITE = /^(?:can|could|would|will) you please (?:not|stop)$/;
const CONDITION = /\b(?:if|in case|unless|when|whether|what if|why|how come)\b/;
/** Where, inside what a cue covers, something new begins. */
const BOUNDARY =
  /\s(?:but|because|cause|since|instead(?! of)|so (?=please|i|can|how)|(?:and|or) (?=i|we|would|want|need|please|how|can|could|like|id|then|instead|just|don't|do not)\b|(?=(?:i|we) (?:want|need|would|wanna|just|prefer|am|will|have|think|do|don't|only)\b|i'd|i'll|i'm|how\b|can i|could i|can you|could you|what\b|where\b|please\b|just\b|only want|would like|want to|let's|instead of|rather than))/g;
/** "not returning it" refuses to "return it". */
const VERBS: Readonly<Record<string, string>> = {
  returning: 'return',
  refunding: 'refund',
  exchanging: 'exchange',
  sending: 'send',
  cancelling: 'cancel',
  canceling: 'cancel',
  complaining: 'complain',
  changing: 'change',
  updating: 'update',
  tracking: 'track',
  checking: 'check',
  requesting: 'request',
  filing: 'file',
  talking: 'talk',
  speaking: 'speak',
};
const LEADING =
  /^(?:to |for |about |in |you to |anyone to |be |get |(?:me|us) (?=an? )|have |the idea of |do |going through with |with |using |(?:a|an|the|my|any) (?=(?:a|an|the|my|any) ))+/;
const TRAILING =
  /[ ,]*(?:\b(?:any ?more|any longer|thanks|thank you|please|now|yet|again|at all|ok|okay|after all|sorry|today|right now|for now|no more|either|anyway|though|so|and|then)|[.!~])$/;
const EMPTY =
  /^(?:(?:to|it|this|that|these|those|them|anything|one|ones|thing|things|stuff|else|you|me|do|the|be|so|any|all|of|for|a|about|wrong|item|items) ?)*$/;

/** Longer ones are cut, so that many cues in one take no longer than as many clauses. */
const CLAUSES = /[^,.;:!?\n]{1,300}[?]?/g;

interface Found {
  readonly negated: string;
  readonly before: string;
  readonly after: string;
}

/** {@link negatedScope} for normalised English text. */
export function negatedEn(text: string): Negation {
  const open =
    text
      .replace(/[\u2018\u2019]/g, "'")
      .match(CLAUSES)
      ?.reverse() ?? [];
  const kept: string[] = [];
  let negated: string | undefined;
  for (let clause = open.pop(); clause !== undefined; clause = open.pop()) {
    const found = refusal(
      clause.trim(),
      kept.length > 0 || POLITELY.test(` ${open.at(-1)?.trim() ?? ''}`),
    );
    if (found === undefined) {
      kept.push(clause.trim());
      continue;
    }
    negated ??= found.negated;
    if (found.before !== '') kept.push(found.before);
    if (found.after !== '') open.push(found.after);
  }
  if (negated === undefined) return { rest: text };
  return { negated, rest: kept.filter((clause) => !LET_BE.test(clause)).join(', ') };
}

function refusal(clause: string, more: boolean): Found | undefined {
  const said = trimmed(clause);
  const passive = PASSIVE.exec(said);
  const polite = more || POLITELY.test(clause);
  const without = NO_THING.exec(polite ? clause.replace(POLITELY, '') : said)?.[1]?.trim();
  const missing = !polite && without !== undefined && MISSING.test(clause);
  const thing =
    passive?.slice(1).find((part?: string) => part !== undefined) ??
    (missing ? undefined : without?.replace(TRAILING, '')) ??
    (RHETORIC.exec(clause) ?? UNDECIDED.exec(said))?.[1] ??
    LEFT.exec(said)?.[1];
  if (thing !== undefined && !EMPTY.test(thing) && !CONDITION.test(thing)) {
    return { negated: thing, before: '', after: '' };
  }
  for (const cue of clause.matchAll(CUE)) {
    const found = covered(clause, cue[0], cue.index);
    if (found !== undefined) return found;
  }
  return undefined;
}

function covered(clause: string, cue: string, start: number): Found | undefined {
  const before = clause.slice(0, start);
  const contrast = cue === 'instead of' || cue === 'rather than';
  if (!contrast && !CONNECTED.test(before)) return undefined;
  const tail = clause.slice(start + cue.length);
  BOUNDARY.lastIndex = NOT_ASKED.exec(tail)?.[0].length ?? 1;
  const boundary = BOUNDARY.exec(tail);
  const cut = boundary === null ? tail.length : boundary.index + boundary[0].length;
  const said = tail.slice(0, boundary?.index ?? tail.length);
  const polite = POLITE.test(cue);
  if (CONDITION.test(before) || (!polite && QUESTION_START.test(before + cue))) return undefined;
  const untagged = said.replace(/ (?:ok|okay|please|alright|right|thanks) ?\?$/, '');
  if (untagged.endsWith('?') && !polite) return undefined;
  const scope = trimmed(untagged.replace(/\?$/, '').trim().replace(LEADING, '')).replace(
    /^[a-z]{5,10}ing(?= |$)/,
    (verb) => VERBS[verb] ?? verb,
  );
  if (EMPTY.test(scope) || MACHINE.test(scope)) return undefined;
  return {
    negated: scope,
    before: contrast ? before.trim() : '',
    after: tail.slice(cut).trim(),
  };
}

function trimmed(text: string): string {
  let out = text.trim();
  for (let next = out.replace(TRAILING, ''); next !== out; next = out.replace(TRAILING, '')) {
    out = next;
  }
  return out;
}
