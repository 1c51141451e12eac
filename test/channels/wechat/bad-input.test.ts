import { encrypt, getSignature } from '@wecom/crypto';
import { expect } from 'chai';
import { V2 } from '../../channel/tencent/vectors.ts';
import { ACCOUNT, eventXml, startStand, textXml, until, type Stand } from './stand.ts';

const SECRETS = [ACCOUNT.token, ACCOUNT.aesKey, 'the-app-secret'];

describe('wechat: who calls', () => {
  let stand: Stand;
  const xml = (id = '1') => textXml('secret words', { id, at: stand.now() });

  afterEach(async () => {
    for (const secret of [...SECRETS, 'secret words']) {
      expect(stand.logged.join('')).to.not.include(secret);
    }
    await stand.stop();
  });

  for (const mode of ['safe', 'compatible', 'plain']) {
    describe(`in ${mode} mode`, () => {
      beforeEach(async () => {
        stand = await startStand({ env: { WECHAT_MODE: mode }, holdMs: 1000 });
      });
      const plain = mode === 'plain';

      it('verifies its address', async () => {
        const timestamp = String(Math.floor(stand.now() / 1000));
        const signature = getSignature(ACCOUNT.token, timestamp, 'n', '');
        const query = { signature, timestamp, nonce: 'n', echostr: '5927' };
        expect(await stand.get(query)).to.include({ status: 200, body: '5927' });
        expect((await stand.get({ ...query, nonce: 'm' })).status).to.equal(403);
        expect((await stand.get({ ...query, echostr: '' })).status).to.equal(403);
        expect((await stand.get({})).status).to.equal(403);
        expect((await stand.get(query, '/channels/wechat/other')).status).to.equal(404);
      });

      it('refuses what is signed wrongly, before it parses', async () => {
        const wrong: Readonly<Record<string, string | undefined>>[] = [
          { signature: 'x', msg_signature: 'x' },
          { signature: undefined, msg_signature: undefined },
          { signature: getSignature('other', '1', '1', '') },
          { timestamp: String(Math.floor(stand.now() / 1000) + 1), signature: 'x' },
          { nonce: 'another', msg_signature: plain ? '' : undefined },
          ...(plain ? [] : [{ msg_signature: undefined }, { msg_signature: 'a'.repeat(40) }]),
        ];
        for (const query of wrong) {
          expect((await stand.push(xml(), { query, plain })).status).to.equal(403);
          const junk = { query, plain, body: '<!DOCTYPE x><' };
          expect((await stand.push(xml(), junk)).status).to.equal(403);
        }
        expect(stand.accepted).to.deep.equal([]);
        expect(stand.provider.calls).to.deep.equal([]);
      });

      it('refuses timestamps more than 5 minutes off', async () => {
        const now = Math.floor(stand.now() / 1000);
        for (const off of [-302, 302, -86_400, 1e9]) {
          const query = { timestamp: String(now + off) };
          expect((await stand.push(xml(), { query, plain })).status).to.equal(403);
        }
        for (const timestamp of ['', 'now', '-1', '1e9', '17e8', `${now}.5`]) {
          expect((await stand.push(xml(), { query: { timestamp }, plain })).status).to.equal(403);
        }
        expect(stand.accepted).to.deep.equal([]);
        for (const off of [-290, 290]) {
          const query = { timestamp: String(now + off) };
          const answer = await stand.push(xml(String(off + 500)), { query, plain });
          expect(answer.status).to.equal(200);
        }
        expect(stand.accepted).to.have.length(2);
      });

      it('answers in its mode', async () => {
        const { body, reply } = await stand.push(xml(), { plain });
        expect(reply?.Content).to.equal('echo: secret words');
        expect(body.includes('secret words')).to.equal(plain);
      });

      it('refuses large bodies', async () => {
        const body = Buffer.alloc(10 * 1024 * 1024, 'a');
        const { status } = await stand.push(xml(), { plain, body });
        expect(status).to.be.oneOf([413, 0]);
        expect(
          (await stand.push(xml(), { plain, body: body.subarray(0, 65_537) })).status,
        ).to.equal(413);
        expect(stand.accepted).to.deep.equal([]);
      });
    });
  }

  describe('encrypted', () => {
    beforeEach(async () => {
      stand = await startStand({ holdMs: 1000 });
    });

    it('refuses a body without Encrypt, however well signed', async () => {
      expect((await stand.push(xml(), { plain: true })).status).to.equal(403);
      expect((await stand.push(xml(), { body: xml() })).status).to.equal(403);
      expect((await stand.push(xml(), { body: '' })).status).to.equal(403);
    });

    it('refuses what is meant for another account', async () => {
      expect((await stand.push(xml(), { appId: 'wx0000000000000000' })).status).to.equal(403);
    });

    it('refuses cipher text that was truncated or changed, with its signature', async () => {
      const timestamp = String(Math.floor(stand.now() / 1000));
      const whole = encrypt(ACCOUNT.aesKey, xml(), ACCOUNT.appId);
      for (const encrypted of [whole.slice(0, -44), whole.slice(44), `${whole}AAAA`, 'AAAA']) {
        const query = {
          timestamp,
          signature: undefined,
          msg_signature: getSignature(ACCOUNT.token, timestamp, 'n', encrypted),
        };
        const body = `<xml><Encrypt>${encrypted}</Encrypt></xml>`;
        expect((await stand.push('', { query, body, nonce: 'n' })).status).to.equal(403);
      }
      expect(stand.accepted).to.deep.equal([]);
    });

    it('takes a push that has only the signature of the message', async () => {
      const answer = await stand.push(xml(), { query: { signature: undefined } });
      expect(answer.reply?.Content).to.equal('echo: secret words');
    });
  });

  it('in compatible mode only the encrypted part is read', async () => {
    stand = await startStand({ env: { WECHAT_MODE: 'compatible' }, holdMs: 1000 });
    const timestamp = String(Math.floor(stand.now() / 1000));
    const encrypted = encrypt(ACCOUNT.aesKey, textXml('true', { id: '1' }), ACCOUNT.appId);
    const query = {
      timestamp,
      msg_signature: getSignature(ACCOUNT.token, timestamp, 'n', encrypted),
    };
    const part = `<Encrypt><![CDATA[${encrypted}]]></Encrypt>`;
    const clear = (words: string) => textXml(words, { id: '2' });
    const both = clear('forged').replace('</xml>', `${part}</xml>`);
    const answer = await stand.push('', { query, body: both, nonce: 'n' });
    expect(answer.reply?.Content).to.equal('echo: true');
    // Words of a customer that look like the encrypted part do not hide it.
    const odd = clear('<Encrypt>AAAA</Encrypt>').replace('</xml>', `${part}</xml>`);
    expect((await stand.push('', { query, body: odd, nonce: 'n' })).status).to.equal(200);
    const none = await stand.push('', { query, body: clear('forged'), nonce: 'n' });
    expect(none.status).to.equal(403);
    expect(stand.accepted.map((a) => a.id)).to.deep.equal(['1']);
  });

  it('in plain mode a signature holds once, and the start warns', async () => {
    stand = await startStand({ env: { WECHAT_MODE: 'plain' }, holdMs: 1000 });
    expect(stand.logged.join('')).to.include('plain mode');
    const how = { plain: true, nonce: 'once' };
    expect((await stand.push(xml('1'), how)).status).to.equal(200);
    expect((await stand.push(xml('2'), how)).status).to.equal(403);
    expect((await stand.push(xml('1'), { plain: true })).status).to.equal(200);
    expect(stand.accepted.map((a) => a.id)).to.deep.equal(['1']);
  });

  it('the vendor’s own message, twice: one turn, both answered', async () => {
    stand = await startStand({ start: Number(V2.timestamp) * 1000, holdMs: 1000 });
    const query = {
      signature: undefined,
      openid: undefined,
      timestamp: V2.timestamp,
      msg_signature: V2.signature,
    };
    const body = `<xml><ToUserName><![CDATA[wx5823bf96d3bd56c7]]></ToUserName><Encrypt><![CDATA[${V2.encrypted}]]></Encrypt></xml>`;
    const first = await stand.push('', { query, body, nonce: V2.nonce });
    const second = await stand.push('', { query, body, nonce: V2.nonce });
    expect([first.status, second.status]).to.deep.equal([200, 200]);
    expect(first.reply).to.include({ Content: 'echo: hello', ToUserName: 'mycreate' });
    expect(second.body).to.equal('success');
    expect(stand.accepted.map((a) => a.id)).to.deep.equal(['4561255354251345929']);
  });

  it('answers success to what is WeChat’s but can’t be read, and takes nothing', async () => {
    stand = await startStand({ holdMs: 1000 });
    const good = xml();
    const bad = [
      '',
      'secret words',
      '{"secret words":1}',
      good.slice(0, -5),
      good.replace(/<MsgId>.*<\/MsgId>/, ''),
      good.replace(/<MsgId>.*<\/MsgId>/, '<MsgId>1</MsgId><MsgId>2</MsgId>'),
      good.replace(/<MsgId>.*<\/MsgId>/, '<MsgId>-1</MsgId>'),
      good.replace(/<MsgId>.*<\/MsgId>/, `<MsgId>${'9'.repeat(21)}</MsgId>`),
      good.replace(/<FromUserName>.*<\/FromUserName>/, ''),
      good.replace('alice', '../../etc'),
      good.replace(/<CreateTime>.*<\/CreateTime>/, ''),
      good.replace(/<MsgType>.*<\/MsgType>/, ''),
      good.replace(/<Content>.*<\/Content>/, ''),
      good.replace('</xml>', '<__proto__><a>1</a></__proto__></xml>'),
      `<!DOCTYPE xml [<!ENTITY e "secret words">]>${good}`,
      `<!DOCTYPE xml [<!ENTITY e SYSTEM "file:///etc/passwd">]>${good}`,
      `<xml>${'<a>'.repeat(3000)}${'</a>'.repeat(3000)}</xml>`,
      eventXml('', stand.now()),
    ];
    for (const [i, each] of bad.entries()) {
      const answer = await stand.push(each);
      expect([answer.status, answer.body], String(i)).to.deep.equal([200, 'success']);
    }
    expect(stand.accepted).to.deep.equal([]);
    const warned = stand.logged.filter((line) => line.includes('not taken'));
    expect(warned).to.have.length(bad.length);
  });

  it('keeps ids beyond 2^53 apart and CDATA that holds its own end whole', async () => {
    stand = await startStand({ holdMs: 1000 });
    await stand.push(textXml('a]]]]><![CDATA[>b', { id: '18446744073709551614' }));
    await stand.push(textXml('c', { id: '18446744073709551615' }));
    await until(() => stand.accepted.length === 2);
    expect(stand.accepted.map((a) => [a.id, a.content])).to.deep.equal([
      ['18446744073709551614', { kind: 'text', text: 'a]]>b' }],
      ['18446744073709551615', { kind: 'text', text: 'c' }],
    ]);
  });

  it('answers success to types and events nobody has heard of, and records them', async () => {
    stand = await startStand({ holdMs: 1000 });
    stand.answer = ({ content }) => (content.kind === 'event' ? [] : [{ from: 'bot', text: '?' }]);
    const odd = xml('1').replace('[text]', '[Hologram]');
    expect((await stand.push(odd)).body).to.equal('success');
    expect((await stand.push(eventXml('User_Dreams', stand.now()))).body).to.equal('success');
    expect(stand.accepted.map((a) => a.content)).to.deep.equal([
      { kind: 'event', name: 'hologram', value: { Content: 'secret words', MsgId: '1' } },
      { kind: 'event', name: 'user_dreams' },
    ]);
    expect(await stand.lines()).to.have.length(2);
  });

  it('the same event twice is one', async () => {
    stand = await startStand({ holdMs: 1000 });
    const at = stand.now();
    const click = eventXml('CLICK', at, '<EventKey><![CDATA[K1]]></EventKey>');
    await Promise.all([stand.push(click), stand.push(click)]);
    await stand.push(eventXml('CLICK', at, '<EventKey><![CDATA[K2]]></EventKey>'));
    await stand.push(eventXml('CLICK', at, '<EventKey><![CDATA[K1]]></EventKey>', 'bob'));
    expect(stand.accepted).to.have.length(3);
    expect(new Set(stand.accepted.map((a) => a.id)).size).to.equal(3);
  });
});
