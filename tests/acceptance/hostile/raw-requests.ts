import { uploadHeaders } from '../../support/http/client.ts';
import { RawConnection, type RawAnswer } from '../../support/http/raw-http.ts';
import type { Scene } from '../velocity/scene.ts';

/**
 * Lines of a request's head, so that each may be malformed or repeated. Characters are bytes
 * (Latin-1).
 */
export type Lines = readonly string[];

/** The name of a hostile upload, if the name does not matter. */
export const NAME = 'hostile';

/** Returns a request as bytes. */
export function request(requestLine: string, lines: Lines, body = ''): string {
  return [requestLine, ...lines, '', body].join('\r\n');
}

/** Returns the `Host` and `Authorization` lines of root. */
export function asRoot({ root }: Scene): Lines {
  return ['Host: platter', `Authorization: Bearer ${root.authkey}`];
}

/** Returns a well-formed call with a JSON body, with additional header lines. */
export function jsonCall(scene: Scene, operation: string, body: string, more: Lines = []): string {
  return request(`${operation} HTTP/1.1`, [...asRoot(scene), `Content-Length: ${body.length}`, ...more], body);
}

/** Returns an upload of three bytes without framing, which `more` adds. */
export function upload(scene: Scene, more: Lines, body = 'abc', name = NAME): string {
  const described = Object.entries(uploadHeaders({ group: 0, name })).map(
    ([header, value]) => `${header}: ${String(value)}`,
  );
  return request('PUT /m/media/upload HTTP/1.1', [...asRoot(scene), ...described, ...more], body);
}

/** Sends bytes on a connection of their own and returns the first answer. */
export async function answerTo({ platter }: Scene, bytes: string): Promise<RawAnswer> {
  const connection = await RawConnection.open(platter.url);
  await connection.send(bytes);
  const answer = await connection.answer();
  connection.hangUp();
  return answer;
}
