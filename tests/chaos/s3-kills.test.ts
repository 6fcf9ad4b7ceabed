import { openTestBucket } from '../support/s3/test-bucket.ts';
import { times } from './repetitions.ts';
import { testReplicaKills, testKills } from './kill-tests.ts';

const KILLS = times('PLATTER_S3_KILLS', 4, 60);
const REPLICA_KILLS = times('PLATTER_S3_REPLICA_KILLS', 2, 60);

describe('Every answered change is kept in S3, and no other, without leftover objects and open uploads', () => {
  testKills(KILLS, openTestBucket);
  testReplicaKills(REPLICA_KILLS, openTestBucket);
});
