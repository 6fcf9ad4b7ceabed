import { uploadHeaders } from '../../support/http/client.ts';
import { RawConnection, type RawAnswer } from '../../support/http/raw-http.ts';
import type { Scene } from '../velocity/scene.ts';

/**
 * Lines of a request's head, each its own, so that any of them may be wrong or there twice.
 * Characters are bytes (Latin-1).
 */
export type Lines = readonly string[];

/** The name of whatever a hostile upload is called where its name is not the point. */
export const NAME = 'hostile';

/** A request as it goes over the wire. */
export function request(requestLine: string, lines: Lines, body = ''): string {
  return [requestLine, ...lines, '', body].join('\r\n');
}

/** The lines that say where a request goes and who asks. */
export function asRoot({ root }: Scene): Lines {
  return ['Host: platter', `Authorization: Bearer ${root.authkey}`];
}

/** A well-formed call with a JSON body, but for what `more` adds. */
export function jsonCall(scene: Scene, operation: string, body: string, more: Lines = []): string {
  return request(`${operation} HTTP/1.1`, [...asRoot(scene), `Content-Length: ${body.length}`, ...more], body);
}

/** An upload of three bytes that lacks its framing; `more` says what goes with it. */
export function upload(scene: Scene, more: Lines, body = 'abc', name = NAME): string {
  const described = Object.entries(uploadHeaders({ group: 0, name })).map(
    ([header, value]) => `${header}: ${String(value)}`,
  );
  return request('PUT /m/media/upload HTTP/1.1', [...asRoot(scene), ...described, ...more], body);
}

/** Sends it on a connection of its own, and returns the first answer. */
export async function answerTo({ platter }: Scene, bytes: string): Promise<RawAnswer> {
  const connection = await RawConnection.open(platter.url);
  await connection.send(bytes);
  const answer = await connection.answer();
  connection.hangUp();
  return answer;
}
