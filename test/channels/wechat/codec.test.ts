import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';
import fc from 'fast-check';
import { decode, type Push } from '../../../channels/wechat/codec.ts';
import { parseXml } from '../../../src/channel/tencent/xml.ts';
import { RequestError } from '../../../src/errors.ts';

const folder = path.join(import.meta.dirname, '../../../channels/wechat/samples');
const samples = readdirSync(folder).filter((name) => name.endsWith('.xml'));
const words = { location: '位置：', link: '链接：', miniProgram: '小程序：' };

function sample(name: string): string {
  return readFileSync(path.join(folder, `${name}.xml`), 'utf8');
}

function read(xml: string): Push | undefined {
  return decode(parseXml(xml), words);
}

const text = (t: string) => ({ kind: 'text', text: t });
const event = (name: string, value?: object) => ({
  kind: 'event',
  name,
  ...(value === undefined ? {} : { value }),
});
const nothing = { kind: 'attachment', attachments: [], text: '' };
const file = { mediaId: 'media_id', shownAt: 'wechat:media/media_id' };
const minute = { sends: 3, lastsMs: 60_000 };
const hours = { kind: 'message', sends: 5, lastsMs: 172_800_000 };

/** What each recorded payload becomes. */
const expected: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  text: { content: text('this is a test'), allowance: hours },
  'text-menu': { content: text('满意'), menuItem: '101', allowance: hours },
  'text-unsupported': { content: nothing, allowance: hours },
  image: {
    content: nothing,
    media: {
      kind: 'image',
      contentType: 'image/jpeg',
      name: 'image.jpg',
      mediaId: 'media_id',
      shownAt: 'http://mmbiz.qpic.cn/this-is-a-url',
    },
  },
  voice: {
    content: nothing,
    media: { kind: 'audio', contentType: 'audio/amr', name: 'voice.amr', ...file },
  },
  'voice-recognized': { content: text('腾讯微信团队') },
  video: {
    media: { kind: 'video', contentType: 'video/mp4', name: 'video.mp4', ...file },
  },
  shortvideo: {
    media: { kind: 'video', contentType: 'video/mp4', name: 'video.mp4', ...file },
  },
  location: { content: text('位置：位置信息 (23.134521, 113.358803)') },
  link: {
    content: text('链接：公众平台官网链接 公众平台官网链接 https://mp.weixin.qq.com/'),
  },
  miniprogrampage: { content: text('小程序：商品详情') },
  'unknown-type': { allowance: hours },
  'event-subscribe': {
    content: event('subscribe'),
    allowance: { kind: 'subscribe', ...minute },
  },
  'event-subscribe-scene': {
    content: event('subscribe', { key: '123123' }),
    key: { of: 'scene', value: '123123' },
    allowance: { kind: 'subscribe', ...minute },
  },
  'event-unsubscribe': { content: event('unsubscribe') },
  'event-scan': {
    content: event('scan', { key: 'SCENE_VALUE' }),
    key: { of: 'scene', value: 'SCENE_VALUE' },
    allowance: { kind: 'scan', ...minute },
  },
  'event-location': {
    content: event('location', {
      latitude: '23.137466',
      longitude: '113.352425',
      precision: '119.385040',
    }),
  },
  'event-click': {
    content: event('click', { key: 'EVENTKEY' }),
    key: { of: 'menu', value: 'EVENTKEY' },
    allowance: { kind: 'click', ...minute },
  },
  'event-view': {
    content: event('view', { key: 'www.qq.com', menu: 'MENUID' }),
  },
  'event-view-miniprogram': {
    content: event('view_miniprogram', { key: 'pages/index/index', menu: 'MENUID' }),
  },
  'event-scancode-push': { allowance: { kind: 'click', ...minute } },
  'event-scancode-waitmsg': {
    content: event('scancode_waitmsg', {
      key: '6',
      scanCodeInfo: { ScanType: 'qrcode', ScanResult: '1' },
    }),
    allowance: { kind: 'click', ...minute },
  },
  'event-template-finish': {
    content: event('templatesendjobfinish', {
      message: '200163836',
      status: 'failed:user block',
    }),
  },
  'event-kf-switch-session': {
    content: event('kf_switch_session', { from: 'test1@test', to: 'test2@test' }),
  },
};

describe('wechat codec', () => {
  it('has a recorded payload of every type of message and event', () => {
    expect(samples).to.have.length(35);
    for (const name of Object.keys(expected)) expect(samples).to.include(`${name}.xml`);
  });

  for (const name of samples.map((s) => s.replace('.xml', ''))) {
    it(`reads ${name}`, () => {
      const push = read(sample(name));
      expect(push).to.include({ ghId: 'toUser' });
      expect(push?.openId.toLowerCase()).to.equal('fromuser');
      expect(push?.id).to.match(name.startsWith('event-') ? /^e[0-9a-f]{32}$/ : /^\d{19}$/);
      for (const [field, value] of Object.entries(expected[name] ?? {})) {
        expect(push?.[field as keyof Push], field).to.deep.equal(value);
      }
      if (name.startsWith('event-') && !('allowance' in (expected[name] ?? {}))) {
        expect(push?.allowance).to.be.undefined;
      }
    });
  }

  it('gives the same id for the same event, whatever the order of its fields', () => {
    const xml = sample('event-click');
    const swapped = xml
      .replace(/ {2}<Event>.*\n/, '')
      .replace('</xml>', '  <Event><![CDATA[CLICK]]></Event>\n</xml>');
    expect(read(swapped)?.id).to.equal(read(xml)?.id);
    for (const change of [
      ['EVENTKEY', 'OTHER'],
      ['123456789', '123456790'],
      ['FromUser]', 'FromUser2]'],
      ['CLICK', 'VIEW'],
    ] as const) {
      expect(read(xml.replace(change[0], change[1]))?.id).to.not.equal(read(xml)?.id);
    }
  });

  it('takes texts of any length, cut', () => {
    const long = sample('text').replace('this is a test', 'x'.repeat(50_000));
    const content = read(long)?.content;
    expect(content?.kind === 'text' && content.text.length).to.equal(8000);
  });

  /** Reads as the channel does; anything but a push, nothing or a refusal is a defect. */
  function survives(xml: string): void {
    try {
      const push = read(xml);
      if (push !== undefined) {
        expect(push.openId).to.match(/^[\w@.-]{1,64}$/);
        expect(push.id).to.match(/^(?:\d{1,20}|e[0-9a-f]{32})$/);
        JSON.stringify(push);
      }
    } catch (error) {
      if (!(error instanceof RequestError)) throw error;
    }
  }

  it('survives fields of any content', () => {
    const value = fc.oneof(fc.string({ unit: 'grapheme' }), fc.constantFrom('', ' ', '0', '-1'));
    const names = [
      ...new Set(samples.flatMap((s) => sample(s.replace('.xml', '')).match(/(?<=<)\w+/g) ?? [])),
    ];
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...names), value, { maxKeys: 12 }), (fields) => {
        const inside = Object.entries(fields)
          .map(([n, v]) => `<${n}><![CDATA[${v.replaceAll(']]>', '')}]]></${n}>`)
          .join('');
        survives(`<xml>${inside}</xml>`);
        survives(sample('text').replace('</xml>', `${inside}</xml>`));
      }),
      { numRuns: 300 },
    );
  });

  it('survives 100,000 mutated payloads', function () {
    this.timeout(60_000);
    const pool = samples.map((s) => sample(s.replace('.xml', '')));
    let seed = 20_261_124;
    const random = (below: number): number => {
      seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
      return Math.floor((seed / 2 ** 32) * below);
    };
    const bits = [
      '<',
      '>',
      ']]>',
      '<![CDATA[',
      '&',
      '</xml>',
      '<xml>',
      '\0',
      '\ud800',
      '__proto__',
    ];
    let survived = 0;
    for (let i = 0; i < 100_000; i += 1) {
      let xml = pool[random(pool.length)] ?? '';
      for (let n = random(4); n >= 0; n -= 1) {
        const at = random(xml.length);
        const end = at + random(20);
        const other = pool[random(pool.length)] ?? '';
        const from = random(other.length);
        const put = [
          '',
          bits[random(bits.length)] ?? '',
          String.fromCharCode(random(65_536)),
          other.slice(from, from + random(60)),
        ][random(4)];
        xml = xml.slice(0, at) + (put ?? '') + xml.slice(random(2) === 0 ? at : end);
      }
      survives(xml);
      survived += 1;
    }
    expect(survived).to.equal(100_000);
    expect(Object.hasOwn(Object.prototype, 'ToUserName')).to.be.false;
  });
});
