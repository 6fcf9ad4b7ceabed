import { queryOptions } from '@tanstack/react-query';
import { api, bodyOf } from '../api/api.ts';
import { bytesText } from '../shared/bytes.ts';
import { TEXTS } from '../texts.ts';
import type { UploadOrder } from './upload-task.ts';

const HEAD_BYTES = 65_536;

/** The verdict of the server on an upload before a byte of it is sent. */
export function uploadCheckQuery(file: File, order: UploadOrder) {
  return queryOptions({
    queryKey: ['upload-check', file.name, file.size, file.lastModified, order],
    queryFn: async ({ signal }) => {
      const head = await base64Of(file.slice(0, HEAD_BYTES));
      return bodyOf(api.POST('/v1/media/check', { body: { ...order, size: file.size, head }, signal }));
    },
    enabled: order.name !== '',
  });
}

export type UploadVerdict = Awaited<ReturnType<NonNullable<ReturnType<typeof uploadCheckQuery>['queryFn']>>>;

/** Returns every reason why the upload would be refused. */
export function refusalsOf({ name, permission, quota, pool, format }: UploadVerdict): readonly string[] {
  return [
    ...(name.ok ? [] : [TEXTS.uploads.names]),
    ...(permission.ok ? [] : [TEXTS.uploads.permission]),
    ...(quota.ok ? [] : [TEXTS.uploads.quota(bytesText(quota.needed_bytes), bytesText(quota.available_bytes ?? 0))]),
    ...(pool.ok ? [] : [TEXTS.uploads.poolFull]),
    ...(format?.ok === false ? [TEXTS.uploads.format] : []),
  ];
}

async function base64Of(blob: Blob): Promise<string> {
  const bytes = new Uint8Array(await blob.arrayBuffer());
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
}
