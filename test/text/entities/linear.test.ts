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

/** Work that grows with the square of this length outlasts any time-out; `npm run bench -- entities` has the figures. */
const LONG = 200_000;

describe('the work of every finder', function () {
  this.timeout(60_000);

  for (const [name, find] of Object.entries(FINDERS)) {
    it(`ends on ${LONG} characters of any shape: ${name}`, () => {
      for (const shape of SHAPES) {
        const text = shape.repeat(Math.ceil(LONG / shape.length)).slice(0, LONG);
        expect(() => find(new Reading(text, Infinity)), JSON.stringify(shape)).not.to.throw();
      }
    });
  }

  it('ends where no message is longer', () => {
    const far = `${' 好'.repeat(LONGEST_READ)}13800138000`;
    expect(findEntities(far, { now: 0 })).to.deep.equal([]);
    expect(findEntities(`好 13800138000${far}`, { now: 0 })).to.have.length(1);
  });
});
