import { openTestBucket } from '../support/s3/test-bucket.ts';
import { times } from './repetitions.ts';
import { testInterleavings } from './interleaving-tests.ts';

const INTERLEAVINGS = times('PLATTER_S3_INTERLEAVINGS', 10, 1_000);

describe('Concurrent clients on three replicas with pools in S3', () => {
  testInterleavings(INTERLEAVINGS, openTestBucket);
});
