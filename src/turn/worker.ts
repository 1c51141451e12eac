/** Runs turns for as long as the process lives: retries those that fail, sets aside those that keep failing. */
import { messageOf, StateConflict, YingdaError } from '../errors.ts';
import { conversationKey, type Claim, type Unit, type Worker } from '../store/store.ts';
import { render } from './reply.ts';
import { openSession } from './session.ts';
import type { Parts } from './parts.ts';
import { runTurn, type TurnResult } from './pipeline.ts';

/** Limits of running turns. */
export interface TurnLimits {
  /** Turns side by side, each of another conversation. Default 64. */
  readonly concurrency?: number;
  /** One turn, in ms. Default 10,000. */
  readonly timeoutMs?: number;
  /** Failed runs after which a message is set aside. Default 3. */
  readonly failures?: number;
  /** Runs that ended with the process after which a message is set aside unrun. Default 5. */
  readonly crashes?: number;
}

/** Wait before the n-th try again, in ms, before jitter. */
const BACK_OFF = [200, 1000, 3000];

/** Starts to run turns. `stop()` resolves when the turns in hand have been committed. */
export function startTurns(parts: Parts, limits: TurnLimits = {}): Worker {
  const { concurrency = 64, timeoutMs = 10_000, failures = 3, crashes = 5 } = limits;
  return parts.store.inbox.work(
    async (claim) => {
      const begun = performance.now();
      const logger = parts.logger.child({
        conversation: conversationKey(claim.inbound.address),
        inbound: claim.inbound.id,
      });
      let result: TurnResult;
      try {
        if (claim.attempts >= crashes) throw new YingdaError('poison', 'ended the process before');
        result = await within(timeoutMs, runTurn(parts, claim));
        await claim.commit(result.unit);
      } catch (error) {
        if (error instanceof StateConflict) {
          await claim.release(parts.clock.now(), messageOf(error));
          return;
        }
        const tries = claim.attempts + 1;
        logger.error({ error, tries }, 'turn failed');
        if (tries < Math.min(failures, crashes)) {
          const wait = BACK_OFF[claim.attempts] ?? 3000;
          const jitter = Math.random() * 0.3 * wait;
          await claim.release(parts.clock.now() + wait + jitter, messageOf(error));
          return;
        }
        await setAside(parts, claim, messageOf(error));
        parts.metrics.dead();
        logger.fatal({ error, alert: true }, 'message set aside as dead');
        return;
      }
      parts.ended(conversationKey(claim.inbound.address), claim.inbound.id, result.unit);
      parts.metrics.turn(result.decision.kind, performance.now() - begun);
      explain(logger, result);
    },
    { concurrency },
  );
}

/**
 * Ends the message with an apology; the state stays as it was before it. Nothing here looks into the
 * message, which may be what every turn of it failed on.
 */
async function setAside(parts: Parts, claim: Claim, why: string): Promise<void> {
  const { inbound } = claim;
  const lang = openSession(claim.session).lang ?? inbound.lang ?? 'zh';
  const channel = parts.channels.get(inbound.address.channel);
  const text = parts.knowledge().text('sorry.failed', lang);
  const unit: Unit = {
    session: claim.session ?? { stack: [], misses: 0 },
    replies: render([{ from: 'bot', text, key: 'sorry.failed' }], channel, { lang }),
    push: channel?.capabilities.delivery === 'push',
    tickets: [],
    dead: why,
  };
  await claim.commit(unit);
  parts.ended(conversationKey(inbound.address), inbound.id, unit);
}

function explain(logger: Parts['logger'], { understood, decision, unit }: TurnResult): void {
  if (!logger.isLevelEnabled('debug')) return;
  logger.debug(
    {
      lang: understood.lang,
      exact: understood.exact,
      negated: understood.negated,
      carried: understood.carried,
      intents: understood.intents.slice(0, 3),
      hits: understood.hits.slice(0, 3),
      decision: decision.kind,
      sources: unit.replies.flatMap((r) => (r.source === undefined ? [] : [r.source])),
    },
    'turn',
  );
}

async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new YingdaError('turn-timeout', `turn took longer than ${ms} ms`));
    }, ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
