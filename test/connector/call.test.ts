import { expect } from 'chai';
import nock from 'nock';
import { guard } from '../../src/connector/call.ts';
import { orderSystem, type OrderClient, type OrderRecord } from '../../src/connector/orders.ts';
import { OutsideError } from '../../src/errors.ts';

const BASE = 'http://127.0.0.1:9';
const QUICK = { timeoutMs: 200, retries: 2, failures: 3, restMs: 60_000 };

/** A client of an order system over HTTP, as a shop would write one. */
const client: OrderClient = {
  async find(id, signal) {
    const response = await fetch(`${BASE}/orders/${id}`, { signal });
    if (response.status === 404) return undefined;
    if (!response.ok) {
      throw new OutsideError('orders', `status ${response.status}`, {
        retryable: response.status >= 500,
      });
    }
    return (await response.json()) as OrderRecord;
  },
  byPhone: () => Promise.resolve([]),
  async updateAddress(id, address, key, signal) {
    await fetch(`${BASE}/orders/${id}/address`, {
      method: 'PUT',
      headers: { 'Idempotency-Key': key },
      body: address,
      signal,
    });
  },
};

async function failureOf(promise: Promise<unknown>): Promise<OutsideError> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof OutsideError) return error;
    throw error;
  }
  throw new TypeError('it did not fail');
}

describe('calls to an outside system', () => {
  afterEach(() => {
    nock.cleanAll();
  });

  it('tries again after a failure that may pass', async () => {
    nock(BASE).get('/orders/1').reply(503).get('/orders/1').reply(200, { id: '1' });
    const order = await orderSystem(client, QUICK).forTurn('t').find('1');
    expect(order?.id).to.equal('1');
    expect(nock.isDone()).to.equal(true);
  });

  it('does not try again what can not help', async () => {
    nock(BASE).get('/orders/1').reply(403);
    const error = await failureOf(orderSystem(client, QUICK).forTurn('t').find('1'));
    expect(error.retryable).to.equal(false);
    expect(nock.isDone()).to.equal(true);
  });

  it('gives up on a system that does not answer', async () => {
    nock(BASE).get('/orders/1').times(3).delay(5000).reply(200, {});
    const error = await failureOf(orderSystem(client, QUICK).forTurn('t').find('1'));
    expect(error.code).to.equal('orders-down');
    expect(error.unknownOutcome).to.equal(true);
    expect(error.message).to.include('no answer in 200 ms');
    nock.abortPendingRequests();
  });

  it('stops calling a system that keeps failing', async () => {
    let calls = 0;
    const call = guard('orders', { ...QUICK, retries: 0 });
    const fail = () =>
      call('find', () => {
        calls += 1;
        return Promise.reject(new TypeError('no'));
      });
    for (let n = 0; n < 6; n += 1) await failureOf(fail());
    expect(calls).to.equal(3);
  });

  it('sends the same idempotency key with every try of a turn', async () => {
    const keys: unknown[] = [];
    nock(BASE)
      .put('/orders/1/address')
      .times(2)
      .reply(function () {
        keys.push(this.req.headers['idempotency-key']);
        return [200];
      });
    const orders = orderSystem(client, QUICK);
    await orders.forTurn('c:m1').updateAddress('1', 'x');
    await orders.forTurn('c:m1').updateAddress('1', 'x');
    expect(String(keys[0])).to.match(/c:m1/u);
    expect(String(keys[0])).to.equal(String(keys[1]));
  });
});
