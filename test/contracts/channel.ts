/**
 * What every channel must do, whoever its provider is. A channel's test gives a harness that starts
 * it on a fake desk and knows how its provider calls.
 */
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { expect } from 'chai';
import type { Capabilities, OpenChannel } from '../../src/channel/channel.ts';
import { OutsideError } from '../../src/errors.ts';
import { createLogger, type Logger } from '../../src/log.ts';
import type { Address, Inbound } from '../../src/message.ts';
import type { FakeDesk } from '../support/fake-desk.ts';
import { watched, type Settled } from '../support/outgoing.ts';
import { send, sendHeadOnly, type Answer, type Wire } from '../support/wire.ts';

/** Something of the provider's that arrives. Calling it again is the provider's next try. */
export type Arrival = () => Promise<Answer>;

/** A call that only looks like the provider's. */
export interface Forged extends Wire {
  /** Its body is needed to tell: that is what is signed. */
  readonly byBody?: boolean;
}

/** How a provider fails, and what the channel must make of it. */
export interface ProviderFault {
  /** Lets the provider fail from now on. Returns what mends it. */
  begin(): () => void;
  readonly retryable: boolean;
  readonly unknownOutcome: boolean;
}

/** What a channel is like; what it is not is not asserted. */
export interface ChannelTraits {
  /** The channel's folder. */
  readonly name: string;
  /** Its provider calls it by HTTP, and signs that. */
  readonly called: boolean;
  /** Replies are sent to a provider; else the customer's client reads them. */
  readonly push: boolean;
  /** The provider tells of the channel's own words as of others'. */
  readonly hearsItself: boolean;
}

/** A channel that runs, and its provider. */
export interface ChannelHarness {
  readonly capabilities: Capabilities;
  readonly desk: FakeDesk;
  /** A new message of one customer. Answers with status 200 where its provider waits for no answer. */
  message(text: string): Arrival | Promise<Arrival>;
  /**
   * Requests by name that only look like the provider's.
   * @param body instead of a valid one
   */
  forged?(body?: string): Promise<Readonly<Record<string, Forged>>>;
  /** A recorded payload of `channels/<name>/samples`, and what it must become. */
  sample(file: string): Promise<{ readonly arrival: Arrival; readonly becomes: readonly object[] }>;
  /** Valid calls with contents that nobody has heard of, by name, and the status they get. */
  unknown(): Readonly<Record<string, { readonly arrival: Arrival; readonly status: number }>>;
  /** What the channel hears of its own words, by name. */
  own?(): Readonly<Record<string, Arrival>>;
  /** Where replies are sent, and how that fails. */
  readonly provider?: {
    readonly channel: OpenChannel;
    /** Where replies go, once {@link ChannelHarness.message} has arrived. */
    readonly address: Address;
    /** Texts that the provider got, oldest first. */
    got(): readonly string[];
    readonly faults: Readonly<Record<string, ProviderFault>>;
  };
  /** Lets time pass for a channel that holds its answer back for a while. */
  elapse?(ms: number): Promise<void>;
  /** Takes what is kept open while the channel runs: a stream, a poll. */
  occupy?(): Promise<void>;
  /** Ends the channel and all that was started for it. */
  stop(): Promise<void>;
}

/** Starts a channel. */
export type StartHarness = (options: { readonly logger: Logger }) => Promise<ChannelHarness>;

/** Longest that anything takes that needs no waiting, in ms of real time. */
const SOON_MS = 1500;
/** Longest that a provider waits for its acknowledgement, in ms. */
const PROVIDER_MS = 4500;

/** The suite. */
export function channelContract(traits: ChannelTraits, start: StartHarness): void {
  const { name } = traits;
  describe(`the channel contract: ${name}`, () => {
    let harness: ChannelHarness;
    const logged: string[] = [];
    let seq = 100;

    beforeEach(async () => {
      logged.length = 0;
      const logger = createLogger('debug', { write: (line) => logged.push(line) });
      harness = await start({ logger });
    });
    afterEach(() => harness.stop());

    const accepted = (): readonly Inbound[] => harness.desk.accepted;
    const errors = (): string[] => logged.filter((line) => line.includes('"level":50'));

    async function arrive(text: string): Promise<Arrival> {
      const arrival = await harness.message(text);
      expect((await arrival()).status).to.equal(200);
      return arrival;
    }

    it('takes a message', async () => {
      await arrive('你好 hello');
      expect(accepted()).to.have.length(1);
      const [{ id, address, content }] = accepted() as [Inbound];
      expect(content).to.deep.equal({ kind: 'text', text: '你好 hello' });
      expect(id).to.be.a('string').that.is.not.empty;
      expect(address.channel).to.equal(name);
      for (const part of Object.values(address)) expect(part).to.be.a('string').that.is.not.empty;
    });

    const refusing = traits.called ? it : undefined;
    refusing?.('refuses what the provider did not send, before it reads what it says', async () => {
      for (const body of [undefined, 'no { such < body', '']) {
        const requests = (await harness.forged?.(body)) ?? {};
        expect(Object.keys(requests)).not.to.deep.equal([]);
        for (const [what, wire] of Object.entries(requests)) {
          const { status } = await send(wire);
          // 400 tells that the body was looked into.
          const allowed = body === undefined || wire.byBody !== true ? [401, 403] : [400, 401, 403];
          expect(status, `${what}, body ${body ?? 'valid'}`).to.be.oneOf(allowed);
          if (wire.byBody !== true && wire.method !== 'GET') {
            expect(await sendHeadOnly(wire), `${what}, without its body`).to.be.oneOf([401, 403]);
          }
        }
      }
      expect(accepted()).to.deep.equal([]);
      expect(errors()).to.deep.equal([]);
    });

    it('decodes every recorded sample', async () => {
      const folder = path.join(import.meta.dirname, `../../channels/${name}/samples`);
      const files = await readdir(folder);
      expect(files).not.to.deep.equal([]);
      for (const file of files) {
        const before = accepted().length;
        const { arrival, becomes } = await harness.sample(file);
        expect((await arrival()).status, file).to.be.within(200, 299);
        const came = accepted().slice(before);
        expect(came.length, `messages of ${file}`).to.equal(becomes.length);
        for (const [index, part] of becomes.entries()) {
          expect(came[index], file).to.containSubset(part);
        }
      }
      expect(errors()).to.deep.equal([]);
    });

    it('takes contents that nobody has heard of as data', async () => {
      for (const [what, { arrival, status }] of Object.entries(harness.unknown())) {
        expect((await arrival()).status, what).to.equal(status);
      }
      expect(errors()).to.deep.equal([]);
      const before = accepted().length;
      await arrive('and goes on');
      expect(accepted().length).to.equal(before + 1);
    });

    const listening = traits.hearsItself ? it : undefined;
    listening?.('does not listen to itself', async () => {
      const own = Object.entries(harness.own?.() ?? {});
      expect(own).not.to.deep.equal([]);
      for (const [what, arrival] of own) {
        expect((await arrival()).status, what).to.equal(200);
        // What is only recorded runs no dialog.
        const heard = accepted().map(({ content }) => content.kind);
        for (const kind of heard) expect(kind, what).to.be.oneOf(['agent', 'event']);
      }
    });

    it('takes a message once, and answers its next tries as the first', async () => {
      const arrival = await harness.message('once');
      const answers = await Promise.all([arrival(), arrival(), arrival()]);
      // An earlier try may be cut when a later one is there: the provider has given it up.
      expect(answers.map(({ status }) => status)).to.include(200);
      for (const { status } of answers) expect(status).to.be.oneOf([0, 200]);
      expect((await arrival()).status).to.equal(200);
      expect(accepted()).to.have.length(1);
      await arrive('another');
      expect(accepted()).to.have.length(2);
    });

    it('acknowledges in time, however long the turn takes', async () => {
      let end = (): void => undefined;
      const turn = new Promise<readonly []>((resolve) => (end = () => resolve([])));
      harness.desk.answer = () => turn;
      const answering = (await harness.message('slow'))();
      await settled(() => accepted().length === 1);
      await harness.elapse?.(PROVIDER_MS);
      const answer = await inTime(answering);
      expect(answer?.status, 'acknowledged while the turn runs').to.equal(200);
      end();
    });

    const sending = traits.push ? it : undefined;
    sending?.('splits long replies at the limit, without loss', async () => {
      const limit = harness.capabilities.maxBytes ?? Number.NaN;
      expect(limit).to.be.greaterThan(0);
      const provider = providerOf(harness);
      await arrive('tell me a lot');
      const before = provider.got().length;
      const text = longText(limit * 2.5);
      expect((await deliver(text)).state).to.equal('sent');
      const parts = provider.got().slice(before);
      expect(parts.length).to.be.at.least(3);
      for (const part of parts) expect(Buffer.byteLength(part)).to.be.at.most(limit);
      expect(bare(parts.join(''))).to.equal(bare(text));
    });

    sending?.('says of each failure of the provider whether another try can help', async () => {
      const provider = providerOf(harness);
      expect(Object.keys(provider.faults)).not.to.deep.equal([]);
      for (const [what, fault] of Object.entries(provider.faults)) {
        const { retryable, unknownOutcome } = fault;
        await arrive(`before ${what}`);
        const before = provider.got().length;
        const mend = fault.begin();
        const refused = await deliver('are you there?');
        mend();
        if (refused.state !== 'failed') throw new Error(`${what}: ${refused.state}`);
        expect(refused.error, what).to.be.instanceOf(OutsideError);
        expect(refused.error, what).to.include({ retryable, unknownOutcome });
        expect(refused.error.code, what).to.match(/^[a-z][a-z0-9-]+$/);
        if (!unknownOutcome) expect(provider.got().length, what).to.equal(before);
        expect((await deliver('now?')).state, `after ${what}`).to.equal('sent');
        expect(provider.got().at(-1)).to.include('now?');
      }
    });

    it('leaves nothing open when it stops', async () => {
      await harness.stop();
      const before = resources();
      harness = await start({ logger: createLogger('silent') });
      await arrive('hello');
      await harness.occupy?.();
      if (traits.push) expect((await deliver('good bye')).state).to.equal('sent');
      await harness.stop();
      await settled(() => more(resources(), before).length === 0);
      expect(more(resources(), before)).to.deep.equal([]);
      harness = await start({ logger: createLogger('silent') });
    });

    async function deliver(text: string): Promise<Settled> {
      const provider = providerOf(harness);
      const { channel } = provider;
      const asked = accepted().at(-1);
      const inbound = asked?.id ?? 'nobody';
      const one = watched({ from: 'bot', text }, { inbound, seq: (seq += 1) });
      const { line, idempotencyKey } = one.outgoing;
      try {
        if (channel.deliverAll) await channel.deliverAll([one.outgoing], provider.address);
        else {
          const id = await channel.deliver?.(line, provider.address, idempotencyKey);
          return { state: 'sent', ...(id === undefined ? {} : { id }) };
        }
      } catch (error) {
        if (error instanceof OutsideError) return { state: 'failed', error };
        throw error;
      }
      return one.settled();
    }
  });
}

function providerOf(harness: ChannelHarness): NonNullable<ChannelHarness['provider']> {
  if (!harness.provider) throw new Error('the harness has no provider');
  return harness.provider;
}

/** Sentences of both languages with characters of several code points. */
function longText(bytes: number): string {
  let text = '';
  for (let i = 1; Buffer.byteLength(text) < bytes; i += 1) {
    text += `第${i}句话到此为止👨‍👩‍👧‍👦。Sentence ${i} ends é here. `;
  }
  return text;
}

/** Where a text is split, channels may leave white space out. */
function bare(text: string): string {
  return text.replaceAll(/\s/g, '');
}

/** What keeps the process alive, by kind. */
function resources(): readonly string[] {
  return process.getActiveResourcesInfo();
}

function more(now: readonly string[], before: readonly string[]): string[] {
  const left = [...before];
  return now.filter((kind) => {
    const at = left.indexOf(kind);
    if (at !== -1) left.splice(at, 1);
    return at === -1;
  });
}

async function settled(is: () => boolean): Promise<void> {
  const until = Date.now() + SOON_MS;
  while (!is() && Date.now() < until) await new Promise((resolve) => setTimeout(resolve, 5));
}

async function inTime<T>(work: Promise<T>): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), SOON_MS);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
