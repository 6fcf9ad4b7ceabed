import type { Row } from '../frame/row.ts';
import { attacks } from './attacks.ts';
import { cloneReadOnly, cloneReflink, cloneS3 } from './clones.ts';
import { commandLineStart, commandLineUpload } from './command-line.ts';
import { contention } from './contention.ts';
import { downloadEight, downloadEightSendfile, downloadOne, downloadOneSendfile } from './download.ts';
import { growth } from './growth.ts';
import { importOne, memoryOfImports } from './imports.ts';
import { listLibrary, listMedia } from './lists.ts';
import { memoryOfEight, memoryOfMany, memoryOfResumable, memoryOfSize } from './memory.ts';
import { resume } from './resume.ts';
import { nativeList, nativeListGrowth, nativeListWide } from './native-lists.ts';
import { smallRequests } from './small-requests.ts';
import { startUp } from './start-up.ts';
import { uploadChunks } from './upload-chunks.ts';
import { uploadCpu } from './upload-cpu.ts';
import { uploadEight } from './upload-eight.ts';
import { uploadOne } from './upload-one.ts';
import { uploadCeph, uploadSmallS3 } from './upload-s3.ts';
import { uploadResumableOwn, uploadResumableS3 } from './upload-resumable.ts';
import { uploadResumable, uploadTus } from './upload-tus.ts';

/** All rows in the order of the table. */
export const ROWS: readonly Row[] = [
  uploadOne,
  uploadEight,
  uploadTus,
  uploadResumable,
  uploadResumableOwn,
  uploadChunks,
  resume,
  importOne,
  uploadCpu,
  downloadOne,
  downloadEight,
  downloadOneSendfile,
  downloadEightSendfile,
  smallRequests,
  listMedia,
  listLibrary,
  nativeList,
  growth,
  nativeListGrowth,
  nativeListWide,
  contention,
  uploadSmallS3,
  uploadCeph,
  uploadResumableS3,
  memoryOfEight,
  memoryOfMany,
  memoryOfResumable,
  memoryOfSize,
  memoryOfImports,
  cloneReflink,
  cloneS3,
  cloneReadOnly,
  startUp,
  commandLineUpload,
  commandLineStart,
  attacks,
];
