import type { ImageFacts } from '../../../src/domain/media/formats/inspect-image.ts';
import { bytes } from '../../../src/domain/shared/bytes.ts';

/** What nothing in particular is found to be. */
export const RAW: ImageFacts = { format: 'raw', virtualSize: bytes(0), label: null, encrypted: false };
