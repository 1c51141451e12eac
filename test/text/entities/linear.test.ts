import { expect } from 'chai';
import { findAddresses } from '../../../src/text/entities/address.ts';
import { findBankCards, findIdCards } from '../../../src/text/entities/card.ts';
import { findCreditCodes } from '../../../src/text/entities/credit-code.ts';
import { findDateTimes } from '../../../src/text/entities/date-time.ts';
import { findEmails } from '../../../src/text/entities/email.ts';
import { findEntities } from '../../../src/text/entities/entities.ts';
import { findInternationalPhones } from '../../../src/text/entities/international-phone.ts';
import { findNames, lexiconOf } from '../../../src/text/entities/lexicon.ts';
import { findMoney } from '../../../src/text/entities/money.ts';
import { findNumbers } from '../../../src/text/entities/number.ts';
import {
  findNamedOrderNumbers,
  findOrderNumbers,
} from '../../../src/text/entities/order-number.ts';
import { findPercents } from '../../../src/text/entities/percent.ts';
import { findNamedPerson } from '../../../src/text/entities/person-name.ts';
import { findPhones } from '../../../src/text/entities/phone.ts';
import { findPlaces } from '../../../src/text/entities/place.ts';
import { findPositions } from '../../../src/text/entities/position.ts';
import { findQuantities } from '../../../src/text/entities/quantity.ts';
import { LONGEST_READ, Reading } from '../../../src/text/entities/reading.ts';
import { findUrls } from '../../../src/text/entities/url.ts';

const lexicon = lexiconOf([{ id: 'earbuds', names: ['无线耳机', 'wireless earbuds', 'aaaaaaaa'] }]);

/** Every finder, on a text that nothing was cut from. */
const FINDERS: Readonly<Record<string, (reading: Reading) => unknown>> = {
  addresses: (reading) => findAddresses(reading.text),
  bankCards: findBankCards,
  creditCodes: findCreditCodes,
  dateTimes: (reading) => findDateTimes(reading, 0),
  emails: findEmails,
  entities: (reading) => findEntities(reading, { now: 0, lexicon }),
  idCards: findIdCards,
  internationalPhones: findInternationalPhones,
  money: findMoney,
  namedOrderNumbers: findNamedOrderNumbers,
  names: (reading) => findNames(reading, lexicon),
  numbers: findNumbers,
  orderNumbers: findOrderNumbers,
  percents: findPercents,
  person: findNamedPerson,
  phones: findPhones,
  places: findPlaces,
  positions: findPositions,
  quantities: findQuantities,
  urls: findUrls,
};

/** Pieces that other engines spend seconds on when they are repeated. */
const SHAPES = [
  '1',
  '12 ',
  '1-',
  '1-1 ',
  'a@',
  'a@a.',
  'a.',
  'www.',
  'http://',
  'http://a(',
  '一',
  '一十',
  '年',
  '省市区',
  '北京市',
  '一点',
  '三块',
  'three ',
  'a ',
  'aaaaaaa',
  ' ',
  '¥1,',
  '1,000',
  '20',
  '+1 ',
  '(021)',
  '2026-',
  '12:',
  '百分之',
  '姓',
  'my name is ',
  'order ',
  '1a一 ',
  '😀',
];

/** CPU time of a run in microseconds, the best of some: other work on the machine does not count. */
function work(find: (reading: Reading) => unknown, text: string, rounds: number): number {
  let best = Infinity;
  for (let round = 0; round < rounds; round++) {
    const begun = process.cpuUsage();
    find(new Reading(text, Infinity));
    const { user, system } = process.cpuUsage(begun);
    best = Math.min(best, user + system);
  }
  return best;
}

/** Eight times the text is eight times the work where it is linear, 64 times where it is quadratic. */
const MOST_GROWTH = 24;
/** Of less work than this nothing can be said, and nothing needs to be. */
const LITTLE = 50_000;

describe('the work of every finder', function () {
  this.timeout(120_000);

  for (const [name, find] of Object.entries(FINDERS)) {
    it(`grows with the text, not faster: ${name}`, () => {
      for (const shape of SHAPES) {
        const long = shape.repeat(Math.ceil(100_000 / shape.length)).slice(0, 100_000);
        if (work(find, long, 1) < LITTLE) continue;
        const large = work(find, long, 2);
        const small = work(find, long.slice(0, 12_500), 4);
        if (large < LITTLE) continue;
        expect(large / small, JSON.stringify(shape)).to.be.below(MOST_GROWTH);
      }
    });
  }

  it('ends where no message is longer', () => {
    const far = `${' 好'.repeat(LONGEST_READ)}13800138000`;
    expect(findEntities(far, { now: 0 })).to.deep.equal([]);
    expect(findEntities(`好 13800138000${far}`, { now: 0 })).to.have.length(1);
  });
});
