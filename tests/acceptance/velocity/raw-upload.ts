import { uploadHeaders, type Client, type UploadOrder } from '../../support/http/client.ts';
import { head, RawConnection } from '../../support/http/raw-http.ts';

/** Returns the head of an upload of `length` bytes. */
export function uploadHead(client: Client, order: UploadOrder, length: number): string {
  const headers = uploadHeaders(order) as Record<string, string>;
  const authorization = `Bearer ${client.authkey}`;
  return head('PUT /m/media/upload', { authorization, 'content-length': length, ...headers });
}

/** Starts an upload of `length` bytes on a new connection: sends everything before the body. */
export async function beginUpload(client: Client, order: UploadOrder, length: number): Promise<RawConnection> {
  const connection = await RawConnection.open(client.url);
  await connection.send(uploadHead(client, order, length));
  return connection;
}
