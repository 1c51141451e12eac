/**
 * Common English words that could be cut into pinyin syllables ("change", "women", "manage"): what a
 * reader of pinyin must not take for Chinese. Cut from the 30,000 most frequent words of SUBTLEX-US
 * (Brysbaert & New 2009) and the words of customer service.
 */
export const ENGLISH_LIKE_PINYIN: ReadonlySet<string> = new Set(
  (
    'aa aaa abide abiding abilene abode abu abuse ace ache acute adage adele adequate age ' +
    'agenda agua aha aide aiding aiken ailing aiming aka ake alabama alameda alamo alan ale ' +
    'alexia alibi alice alien alienate alienating alike along alongside ama amanda amaze ' +
    'amelia amen america american americana ami amie amuse an ana anemia angelica angelina ' +
    'anger angle angrier anna anne annie ante anti anticipate anticipating antique anyone ' +
    'apache apiece aqua are area aren arena aria arise arouse asia asian aside asinine atari ' +
    'ate awaiting awake awaken awakening aware awoke aye baa bailing baiting bake baku ' +
    'balance bale bali balu banana bandage bane bang banger banning banshee bare base ' +
    'baseline baseman bateman bayou beige ben bending bene bibi bide bien bike bile bin ' +
    'binding binge biriyani bite biting boa boating bobo boca bodega bofa bohemian bona ' +
    'bonanza bone boning bonita bore bosun boxing buchanan busier buying cabana cabin cache ' +
    'cage cajun cake calamari cali came can canada canadian canceling cancun candidate cane ' +
    'canine canteen cantina capa capitan capo capone capote care career casa case cashier ' +
    'catalina cease celibate celine cesare chaka chalice chama chamomile chance chandelier ' +
    'change channeling chanting chapin chase cheating cheer cheerleading cheese cheesecake ' +
    'chemo chennai cheque cherie chia chianti chica chihuahua chile chili chima chime chiming ' +
    'china chinaman chinese chute ciao cinema cite citi citing citizen conga courier cuba ' +
    'cuban cue cuisine culver cumin cunning cure curie cute cutie dada dade dale damage dame ' +
    'dana dance dane danger dangle dangling danke dante dare data database date datetime ' +
    'dating daze dea dealing dean deare dearie debate debating debilitating debutante decade ' +
    'decadence decaying decide deciding dedicate deduce dee deer defence defending defense ' +
    'defuse degenerate deke delaware delaying delegate delete deli delicate deline demanding ' +
    'demeaning dementia demise demo denning dense denver denying depending depositing desire ' +
    'detailing dialing diana diane dice die dieting diligence dime dine dining dire disease ' +
    'disengage dixie douche douse dubai dude due duke duma dunce dundee dune dunne e ease ' +
    'easier eating edema eden editing educate educating ee eerie elaine elegance eli ' +
    'eliminate eliminating elite eminence emulate enchanting enchilada endanger ending ' +
    'endurance endure enema engage enhance ensure entice entire epa epi era eradicate erase ' +
    'ere erica erie erika ermine ese eta exile exiting eye eyeliner fabian facade face ' +
    'facilitate fade fading fake fame famine fan fanfare fantasia fantasize fare fate fatigue ' +
    'fence foaming foe foliage fore foreman foresee foreseen fugue fuse fuselage futile ' +
    'future gaga gage gaining gala gale game gaming gangrene gaping gate gaze gazebo gee ' +
    'geese geisha gemini gene generate generating genie genitalia genre gentile gere gouge ' +
    'guacamole guarantee guatemala guidance guide guiding guile guinea guise gun gunman ' +
    'gunmen gunning guru hacienda hae hailing haiti haitian hale handing hanger hangman hanna ' +
    'hare hasan hate hating haze he headache heading healing heating hee heinie helena heman ' +
    'hence here heritage hesitate house housekeeping hue huge hula human humane humanitarian ' +
    'humiliate humiliating hunan hungarian hunting jingle jingling jubilee jude juju julian ' +
    'june kahuna kale kali kama kamikaze kane karaoke karen kate kaya keen keeping ken kenya ' +
    'lace laden laguna lake lakeside lama lame lance landing lane language late latitude ' +
    'laying leading league leakage lean leaning leaping lease lebanese lee leer leisure ' +
    'lemonade lenin lice licence license lie liege lien lier ligature like lila lima lime ' +
    'limiting limo limousine lina linda linden line lineage linen liner linger lingerie ' +
    'lining lisa lite liza long longer longtime louse luce lucia luke lulu luna lure ' +
    'macadamia mace machete machine madame made madeleine madeline mae magazine magenta ' +
    'maiden mailing maine make makuta malachi malaria male mali malice mama mamie man manage ' +
    'manchurian mandate mane manger mania manicure manila manipulate manipulating manning ' +
    'manure mare maria mariachi marian marianne marie marijuana marina marine maritime masala ' +
    'masha mate materialize matinee mating mature maximize maya mayan mayo maze me mea mean ' +
    'meaner meaning meantime measure medea media median medicare medicine medina meditate ' +
    'meditating medusa meer meeting mega memo memorize menace mending menu mere merengue mesa ' +
    'meting mexican mia miami mice michigan mike milan mile mileage militia mime mina mince ' +
    'minding mine miner mingle mingling mini miniature minimize mining minnie minute ' +
    'minutemen misuse mite mitigating mixing moan moaning mobile mobilize mocha mode modeling ' +
    'module moe mole molecule momo mona monica moping more mouse moxie moya mule muse ' +
    'musician mute mutilate nada nailing name naming nance naomi napa nasa natalie nature ' +
    'nazarene nazi nebula needing neela negate negating nemo nene nice niche niece nigeria ' +
    'nigerian nike nile nine nineteen nite nude nudie nuke outage outing pace paga pagan page ' +
    'paine pakage palace palate pale pan panama pancake panda panera panting papa papaya ' +
    'parenting parisian pasadena pasha pate patience payee paying pen penance pence pending ' +
    'pie piece pier pierce pierre pike pile piling pin pina pine pining pinning piping ' +
    'piranha pita pixie poe poke pole police policeman policemen polite politician pomona ' +
    'pose pouting puke puli pure quake quarantine queen queer ran rance range ranger ranting ' +
    'reading reagan realise realize rebate receding recite reciting redeeming reduce reeling ' +
    'reese refuge refugee refuse refute regulate relate relating relaxing release remaining ' +
    'remake reminding remodeling remote rename renegade renting repentance repose reroute ' +
    'rerun resale reside residence residue resize resume resuming retaining retake retaliate ' +
    'retina retire rice ride ridicule riding rihanna rise risen rita rite rouen rouge rouse ' +
    'route routine routing rubin rude rue ruining rule ruling run rune running runtime ruse ' +
    'sabian sabotage sade safari saga sage sailing sake salami sale saline salute saluting ' +
    'salvage salve samaritan same sane sangli sanka santa saran sashimi satan satire saying ' +
    'sea sealing seaman seamen sean seaside seating secure sedan sedate seduce see seeming ' +
    'seen seer segue semen semi senate sending senile sensa sense sepa sequence serena ' +
    'serenade serene serialize sesame sewage sexier shade shake shaken shaman shame shanti ' +
    'shaping share she shea shebang sheen sheer sheila shine shining shire shite shouting ' +
    'shuteye siamese sicilian side sideline siding sie siege silva silver silverware simian ' +
    'simulate sire siree siren siri site size song subaru sudan sue suede suicide suite sumo ' +
    'sun sundae sunken sunrise sunshine suntan sure susan sushi suture suzanne tae tailing ' +
    'taiwanese take taken tale tame tan tane tangerine tangle tania tanna tanning taping ' +
    'tarantula tata tate taxi tea teahouse tease tee teeming teen teenage teli tenure tete ' +
    'tibia tide tie tier tile time timeline timing tingle tingling tire titan tuba tubing ' +
    'tuna tune tuning tutu wade wading wage wailing waiting wake wanna wanting ware warehouse ' +
    'waxing woe woke woken wolverine woman women wore yale yankee yea yee yoga you youre ' +
    'youse yuletide zee zulu'
  ).split(' '),
);
