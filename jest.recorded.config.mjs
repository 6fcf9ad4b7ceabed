import base from './jest.config.mjs';

/**
 * Compares with recordings of the original, in the folder that TEST_RECORDINGS names. They are not
 * part of this repository, and `npm test` does not need them: it compares with
 * tests/fixtures/cloudsigma.
 */
export default {
  ...base,
  testMatch: [
    '**/tests/recorded/*.ts',
    '**/acceptance/cloudsigma/*dumps.test.ts',
    '**/acceptance/cloudsigma/recorded-library.test.ts',
  ],
};
