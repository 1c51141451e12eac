import { OutsideError } from '../../../src/errors.ts';

/** The error that a promise is rejected with; fails where it is not, or with one not of ours. */
export async function failureOf(promise: Promise<unknown>): Promise<OutsideError> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof OutsideError) return error;
    throw error;
  }
  throw new TypeError('it did not fail');
}
