import { expect } from 'chai';
import { choice, confirm, defineDialog, done, orderNumber, phone } from '../../src/dialog/index.ts';
import type { AnyDialog } from '../../src/dialog/define.ts';
import { withCarried } from '../../src/turn/carry.ts';

const order = { what: 'order', value: '20261101002', from: 3 } as const;
const complete = () => done();

function carriedInto(dialog: AnyDialog, values: Record<string, string> = {}) {
  const specOf = () => ({ spec: dialog.spec, wording: { choices: {}, labels: {} } });
  const start = { kind: 'start', dialog: dialog.spec.id, options: { values } } as const;
  return withCarried({ specOf }, start, [order]);
}

describe('carrying a value into a task', () => {
  it('fills the order of a task that still asks or confirms, and tells it', () => {
    const slots = { orderId: orderNumber(), sure: confirm() };
    const start = carriedInto(defineDialog({ id: 'x', intents: ['x'], slots, complete }));
    expect(start.options.values).to.deep.equal({ orderId: '20261101002' });
    expect(start.carried).to.deep.equal([order]);
  });

  it('leaves what the message says itself', () => {
    const slots = { orderId: orderNumber(), sure: confirm() };
    const dialog = defineDialog({ id: 'x', intents: ['x'], slots, complete });
    expect(carriedInto(dialog, { orderId: '20261101001' }).carried).to.equal(undefined);
  });

  it('runs no task on a carried value alone, unless it only looks up', () => {
    const slots = { orderId: orderNumber() };
    const acts = defineDialog({ id: 'x', intents: ['x'], slots, complete });
    expect(carriedInto(acts).carried).to.equal(undefined);
    const looks = defineDialog({ id: 'x', intents: ['x'], readOnly: true, slots, complete });
    expect(carriedInto(looks).carried).to.deep.equal([order]);
  });

  it('does not count slots that may not be asked', () => {
    const kind = choice(['a', 'b'], { optional: true });
    const maybe = defineDialog({
      id: 'x',
      intents: ['x'],
      slots: { orderId: orderNumber(), kind, call: phone() },
      when: { call: (v) => v.kind === 'a' },
      complete,
    });
    expect(carriedInto(maybe).carried).to.equal(undefined);
  });

  it('needs a slot of the kind', () => {
    const dialog = defineDialog({ id: 'x', intents: ['x'], slots: { sure: confirm() }, complete });
    expect(carriedInto(dialog).carried).to.equal(undefined);
  });
});
