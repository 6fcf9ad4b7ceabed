import { S3 } from './blob-store-s3.ts';
import { describeBlobStore } from './blob-store.ts';

describeBlobStore(S3);
