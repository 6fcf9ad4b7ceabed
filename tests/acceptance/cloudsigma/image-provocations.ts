import { qcow2Image } from '../../support/images/images.ts';
import type { AnyAnswer } from '../velocity/provocation.ts';
import type { CloudScene } from './cloud.ts';

/** Uploads a disk that would have its reader open another file. */
export async function hostileImage({ boss }: CloudScene): Promise<AnyAnswer> {
  const qcow2 = Buffer.concat([Buffer.from('QFI\xfb', 'latin1'), Buffer.alloc(600)]);
  return boss.send('POST /drives/upload/image.qcow2', qcow2);
}

/** Enlarges an image whose header has the size of its disk. */
export async function qcow2Enlarged({ boss }: CloudScene): Promise<AnyAnswer> {
  const { text } = await boss.send('POST /drives/upload/', Buffer.from(qcow2Image()));
  return boss.call(`POST /drives/${text}/action/?do=resize`, { size: 2 ** 20 });
}
