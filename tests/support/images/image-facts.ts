import type { ImageFacts } from '../../../src/domain/media/formats/inspect-image.ts';
import { bytes } from '../../../src/domain/shared/bytes.ts';

/** The facts of bytes in no known format. */
export const RAW: ImageFacts = { format: 'raw', virtualSize: bytes(0), label: null, encrypted: false };
