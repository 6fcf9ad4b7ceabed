import { headOf } from '../client/transfers.ts';
import type { Platter } from './platter.ts';
import type { FileServer } from './server.ts';

/**
 * Returns Platter as a server of resumable uploads. An upload is created by a POST outside of the
 * measured time, and filled by one PATCH.
 */
export function resumable(platter: Platter): FileServer {
  const tus = { ...platter.authkey, 'Tus-Resumable': '1.0.0' };
  let named = 0;
  return {
    name: 'Platter (tus)',
    pid: platter.pid,
    port: platter.port,
    async upload(bytes) {
      named += 1;
      const metadata = { filename: `resumable ${named}`, group: String(platter.gid), type: 'DISK', readonly: 'true' };
      const created = await fetch(`${platter.url}/uploads/`, {
        method: 'POST',
        headers: { ...tus, 'Upload-Length': String(bytes), 'Upload-Metadata': encoded(metadata) },
      });
      const location = created.headers.get('location');
      if (location === null) throw new Error(`no upload was created: ${created.status} ${await created.text()}`);
      return headOf('PATCH', location, {
        ...tus,
        'Upload-Offset': 0,
        'Content-Type': 'application/offset+octet-stream',
        'Content-Length': bytes,
      });
    },
    empty: async () => platter.empty(),
  };
}

function encoded(texts: Readonly<Record<string, string>>): string {
  return Object.entries(texts)
    .map(([key, text]) => `${key} ${Buffer.from(text).toString('base64')}`)
    .join(',');
}
