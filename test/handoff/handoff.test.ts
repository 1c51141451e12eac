import { expect } from 'chai';
import fc from 'fast-check';
import {
  AGENT_IDLE_MS,
  nextOwner,
  type Handoff,
  type HandoffEvent,
} from '../../src/handoff/handoff.ts';
import { shopContent } from '../support/content.ts';
import { openDesk } from '../support/desk.ts';

const events: fc.Arbitrary<HandoffEvent> = fc.constantFrom<HandoffEvent>(
  { kind: 'request', reason: 'asked' },
  { kind: 'agent-writes', agent: 'a' },
  { kind: 'agent-writes', agent: 'b' },
  { kind: 'agent-closes' },
  { kind: 'withdraw' },
  { kind: 'tick' },
);

describe('who owns a conversation', () => {
  it('has one owner after any events, and each event does what it says', () => {
    const step = fc.record({ event: events, ms: fc.integer({ min: 0, max: AGENT_IDLE_MS }) });
    fc.assert(
      fc.property(fc.array(step), (steps) => {
        let now = 0;
        let owner: Handoff | undefined;
        for (const { event, ms } of steps) {
          now += ms;
          const before = owner;
          owner = nextOwner(now, before, event);
          if (event.kind === 'agent-closes') expect(owner).to.equal(undefined);
          if (event.kind === 'agent-writes') {
            expect(owner).to.deep.include({ owner: 'agent', agent: event.agent, lastAt: now });
          }
          if (event.kind === 'request' && before !== undefined) expect(owner).to.equal(before);
          if (event.kind === 'withdraw' && before?.owner === 'agent') {
            expect(owner).to.equal(before);
          }
          if (event.kind === 'tick' && before?.owner === 'queue') expect(owner).to.equal(before);
        }
      }),
    );
  });

  it('goes back to the bot when the person has been quiet for 30 minutes', () => {
    const owner: Handoff = { owner: 'agent', since: 0, agent: 'a', lastAt: 0 };
    expect(nextOwner(AGENT_IDLE_MS - 1, owner, { kind: 'tick' })).to.equal(owner);
    expect(nextOwner(AGENT_IDLE_MS, owner, { kind: 'tick' })).to.equal(undefined);
  });

  it('keeps the bot quiet while a person writes, and not afterwards', async () => {
    const desk = await openDesk(await shopContent(), { onDuty: true });
    await desk.say('我要退货');
    expect(await desk.say('转人工')).to.have.length(1);
    await desk.say({ kind: 'agent', action: 'message', agent: 'a', text: '您好' });
    expect(await desk.say('我的耳机坏了')).to.deep.equal([]);
    const back = await desk.say({ kind: 'agent', action: 'close', agent: 'a', text: '' });
    expect(back.map((r) => r.key)).to.deep.equal(['handoff.back', 'resume.ask']);
    expect(await desk.say('20261101002')).not.to.deep.equal([]);
    await desk.stop();
  });
});
