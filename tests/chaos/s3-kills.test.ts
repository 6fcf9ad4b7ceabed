import { openTestBucket } from '../support/s3/test-bucket.ts';
import { times } from './extent.ts';
import { promiseReplicaSurvival, promiseSurvival } from './kill-again.ts';

const KILLS = times('PLATTER_S3_KILLS', 4, 60);
const REPLICA_KILLS = times('PLATTER_S3_REPLICA_KILLS', 2, 60);

describe('What was answered is there in S3, what was not is gone, with its objects and open uploads', () => {
  promiseSurvival(KILLS, openTestBucket);
  promiseReplicaSurvival(REPLICA_KILLS, openTestBucket);
});
