import { LOCAL_DISK } from './blob-store-local-disk.ts';
import { describeBlobStore } from './blob-store.ts';

describeBlobStore(LOCAL_DISK);
