import type { AnyAnswer } from '../velocity/provocation.ts';
import type { Cloud, CloudScene, Listed } from './cloud.ts';

/** Begins an upload in chunks of five bytes, and returns its uuid. */
async function begin(boss: Cloud): Promise<string> {
  const { objects } = await boss.ask<Listed>('POST /initupload/', { name: 'disk', media: 'disk', size: 5 });
  return objects[0]!.uuid;
}

/** Asks for the link of a chunk that is there. */
export async function repeatedChunk({ boss }: CloudScene): Promise<AnyAnswer> {
  const path = `POST /drives/${await begin(boss)}/action/?do=upload_chunk`;
  const { link } = await boss.ask<{ link: string }>(path, { chunk_number: 0 });
  await boss.send(`POST ${link.replace('/api/2.0', '')}`, 'bytes');
  return boss.call(path, { chunk_number: 0 });
}

/** Asks for a chunk that was not sent. */
export async function missingChunk({ boss }: CloudScene): Promise<AnyAnswer> {
  const uuid = await begin(boss);
  const query = 'resumableChunkNumber=1&resumableChunkSize=5&resumableTotalSize=5';
  const answer = await boss.call(`GET /drives/${uuid}/upload/?${query}`);
  await boss.ask(`DELETE /drives/${uuid}/`);
  return answer;
}
