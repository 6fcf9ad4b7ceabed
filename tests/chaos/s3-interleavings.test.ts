import { openTestBucket } from '../support/s3/test-bucket.ts';
import { times } from './extent.ts';
import { promiseInterleavings } from './interleave.ts';

const INTERLEAVINGS = times('PLATTER_S3_INTERLEAVINGS', 10, 1_000);

describe('Whatever several clients do at once, on three replicas with their pools in S3', () => {
  promiseInterleavings(INTERLEAVINGS, openTestBucket);
});
