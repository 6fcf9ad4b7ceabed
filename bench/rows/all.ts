import type { Row } from '../frame/row.ts';
import { downloadEight, downloadOne } from './download.ts';
import { uploadCpu } from './upload-cpu.ts';
import { uploadEight } from './upload-eight.ts';
import { uploadOne } from './upload-one.ts';
import { uploadTus } from './upload-tus.ts';

/** In the order of the table. */
export const ROWS: readonly Row[] = [uploadOne, uploadEight, uploadTus, uploadCpu, downloadOne, downloadEight];
