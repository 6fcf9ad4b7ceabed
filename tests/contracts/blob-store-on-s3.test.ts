import { closeTestBuckets } from '../support/s3/test-bucket.ts';
import { S3 } from './blob-store-s3.ts';
import { describeBlobStore } from './blob-store.ts';

describeBlobStore(S3);

afterAll(closeTestBuckets);
