import { DownloadSlots } from '../../src/application/media/download-slots.ts';
import { noteTally } from './noted-tally.ts';

/** As many downloads at once as a test likes. */
export function anyDownloads(): DownloadSlots {
  return new DownloadSlots(1000, noteTally().tally);
}
