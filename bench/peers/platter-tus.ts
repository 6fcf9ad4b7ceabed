import { headOf } from '../client/transfers.ts';
import type { Platter } from './platter.ts';
import type { FileServer } from './server.ts';

/**
 * Returns Platter as a server of resumable uploads. An upload is created by a POST outside of the
 * measured time, and filled by one PATCH.
 */
export function resumable(platter: Platter): FileServer {
  return {
    name: 'Platter (tus)',
    pid: platter.pid,
    port: platter.port,
    upload: async (bytes) => appendHead(platter, await createUpload(platter, bytes), 0, bytes),
    empty: async () => platter.empty(),
  };
}

/** Creates an upload of `length` bytes, and returns its path. */
export async function createUpload(platter: Platter, length: number): Promise<string> {
  const filename = `resumable ${crypto.randomUUID()}`;
  const metadata = { filename, group: String(platter.gid), type: 'DISK', readonly: 'true' };
  const created = await fetch(`${platter.url}/uploads/`, {
    method: 'POST',
    headers: { ...headersOf(platter), 'Upload-Length': String(length), 'Upload-Metadata': encoded(metadata) },
  });
  const location = created.headers.get('location');
  if (location === null) throw new Error(`no upload was created: ${created.status} ${await created.text()}`);
  return location;
}

/** Returns the head of a request that appends `bytes` bytes to an upload at `offset`. */
export function appendHead(platter: Platter, path: string, offset: number, bytes: number): string {
  return headOf('PATCH', path, {
    ...headersOf(platter),
    'Upload-Offset': offset,
    'Content-Type': 'application/offset+octet-stream',
    'Content-Length': bytes,
  });
}

/** Returns the headers of every request about uploads. */
export function headersOf({ authkey }: Platter): Record<string, string> {
  return { ...authkey, 'Tus-Resumable': '1.0.0' };
}

function encoded(texts: Readonly<Record<string, string>>): string {
  return Object.entries(texts)
    .map(([key, text]) => `${key} ${Buffer.from(text).toString('base64')}`)
    .join(',');
}
