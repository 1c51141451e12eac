import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import type { Content } from '../../src/app.ts';
import {
  address,
  choice,
  confirm,
  defineDialog,
  done,
  image,
  orderNumber,
} from '../../src/dialog/index.ts';
import { shopContent } from '../support/content.ts';
import { openDesk, textOf } from '../support/desk.ts';

const REASONS = ['quality', 'wrong-item', 'changed-mind'] as const;

const base = {
  id: 'return-order',
  intents: ['order.return'],
  vars: () => Promise.resolve({ items: '耳机', reason: '-' }),
  complete: () => done('declined'),
};

/** The dialog of the shop as it was, and as edits of its file might leave it. */
const BEFORE = defineDialog({
  ...base,
  slots: { orderId: orderNumber(), reason: choice(REASONS), sure: confirm() },
});
const STEP_INSERTED = defineDialog({
  ...base,
  slots: {
    orderId: orderNumber(),
    photo: image({ optional: true }),
    reason: choice(REASONS),
    sure: confirm(),
  },
});
const ASKED_REMOVED = defineDialog({
  ...base,
  slots: { orderId: orderNumber(), sure: confirm() },
});
const TYPE_CHANGED = defineDialog({
  ...base,
  slots: { orderId: address(), reason: choice(REASONS), sure: confirm() },
});

async function withReturn(dialog: ReturnType<typeof defineDialog> | undefined): Promise<Content> {
  const content = await shopContent();
  const dialogs = new Map(content.dialogs);
  if (dialog === undefined) dialogs.delete('return-order');
  else dialogs.set('return-order', dialog);
  return { ...content, dialogs };
}

/** Gets a conversation to the question for the reason, then restarts with the edited file. */
async function restartWith(
  edited: ReturnType<typeof defineDialog> | undefined,
  next: string,
): Promise<{ text: string; values: unknown; active: string | undefined }> {
  const dataDir = await mkdtemp(join(tmpdir(), 'yingda-versions-'));
  try {
    const before = await openDesk(await withReturn(BEFORE), { dataDir });
    await before.say('我要退货');
    expect(textOf(await before.say('20261101002'))).to.match(/原因/u);
    await before.stop();
    const after = await openDesk(await withReturn(edited), { dataDir });
    const text = textOf(await after.say(next));
    const active = after.engine.parts.dialogs.active(after.session().stack);
    await after.stop();
    return { text, values: active?.frame?.values, active: active?.id };
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
}

describe('a dialog whose file changed while a conversation was inside it', () => {
  it('takes the answer for the question that was asked, and asks the new step', async () => {
    const { text, values } = await restartWith(STEP_INSERTED, '质量问题');
    expect(values).to.deep.equal({ orderId: '20261101002', reason: 'quality' });
    expect(text).to.match(/照片/u);
  });

  it('starts over politely where the asked slot is gone, and keeps what fits', async () => {
    const { text, values } = await restartWith(ASKED_REMOVED, '质量问题');
    expect(text).to.match(/更新|重新/u);
    expect(values).to.deep.equal({ orderId: '20261101002' });
  });

  it('does not keep a value whose slot is of another type now', async () => {
    const { values } = await restartWith(TYPE_CHANGED, '质量问题');
    expect(values).to.deep.equal({ reason: 'quality' });
  });

  it('goes on as before where nothing that matters changed', async () => {
    const { text, values } = await restartWith(BEFORE, '质量问题');
    expect(values).to.deep.equal({ orderId: '20261101002', reason: 'quality' });
    expect(text).to.match(/确认|对吗/u);
  });

  it('is never stuck where the dialog itself is gone', async () => {
    const { text, active } = await restartWith(undefined, '几天之内可以退货？');
    expect(active).to.equal(undefined);
    expect(text).to.match(/7/u);
  });
});
