import { expect } from 'chai';
import {
  afterChange,
  changeOf,
  mayMove,
  stateOf,
  wayOf,
  type ServiceState,
} from '../../../channels/wecom/session.ts';
import { silenceOf } from '../../../channels/wecom/reasons.ts';
import { startStage, KF, type Stage } from './stage.ts';

const STATES: readonly ServiceState[] = [0, 1, 2, 3, 4];

describe("wecom: the session's states", () => {
  it('what a reply does in each', () => {
    expect(STATES.map(wayOf)).to.deep.equal(['begin', 'send', 'queued', 'human', 'ended']);
    expect(STATES.map((s) => silenceOf(wayOf(s))?.code)).to.deep.equal([
      undefined,
      undefined,
      'wecom-queued',
      'wecom-human',
      'wecom-ended',
    ]);
    expect(STATES.map((s) => silenceOf(wayOf(s))?.retryable)).to.deep.equal([
      undefined,
      undefined,
      false,
      false,
      false,
    ]);
  });

  it('the state that each change tells; anything else is none', () => {
    expect(([1, 2, 3, 4] as const).map(afterChange)).to.deep.equal([3, 3, 4, 3]);
    for (const odd of [0, 5, -1, 1.5, '1', null, undefined, Number.NaN]) {
      expect(changeOf(odd)).to.equal(undefined);
    }
    for (const odd of [5, -1, 0.5, '0', null, undefined]) expect(stateOf(odd)).to.equal(undefined);
    expect(STATES.map(stateOf)).to.deep.equal(STATES);
  });

  describe('against the stand-in, every move', () => {
    let stage: Stage;
    before(async () => {
      stage = await startStage();
    });
    after(() => stage.stop());

    for (const from of STATES) {
      for (const to of STATES) {
        it(`${from} to ${to}`, async () => {
          const user = `wm${from}${to}`;
          const phone = stage.simulator.phone(user);
          const base = stage.simulator.url;
          const { WECOM_CORP_ID: corpid = '', WECOM_KF_SECRET: corpsecret = '' } =
            stage.simulator.env;
          const ask = async (path: string, body?: object): Promise<Record<string, unknown>> => {
            const init = body ? { method: 'POST', body: JSON.stringify(body) } : {};
            return (await (await fetch(`${base}/cgi-bin/${path}`, init)).json()) as Record<
              string,
              unknown
            >;
          };
          const query = new URLSearchParams({ corpid, corpsecret }).toString();
          const { access_token: token } = await ask(`gettoken?${query}`);
          const move = (state: number): Promise<Record<string, unknown>> =>
            ask(`kf/service_state/trans?access_token=${String(token)}`, {
              open_kfid: KF,
              external_userid: user,
              service_state: state,
              servicer_userid: 'zhangsan',
            });
          stage.answer = () => [];
          await phone.do({ kind: 'text', text: 'hi' });
          if (from !== 0) expect(await move(from)).to.include({ errcode: 0 });
          expect((await move(to)).errcode).to.equal(mayMove(from, to) ? 0 : 95016);
        });
      }
    }
  });
});
