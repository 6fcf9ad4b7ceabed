import { inspectImage } from '../../domain/media/formats/inspect-image.ts';
import type { WriterOf } from './ingest.ts';

/** The head and tail of an item that reads as zeros: they identify no format. */
const NO_BYTES = new Uint8Array();

/** Writes an item that reads as zeros, in the same time for every size. */
export const zeroWriter: WriterOf = ({ size, readOnly }, store, blob) => ({
  writeBytes: async () => Promise.resolve(inspectImage(NO_BYTES, NO_BYTES, size)),
  commit: () => store.allocate(blob, size, !readOnly),
  cancel: () => Promise.resolve(),
});
