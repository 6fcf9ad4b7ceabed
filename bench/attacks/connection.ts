import { once } from 'node:events';
import { request, type ClientRequest, type IncomingMessage, type OutgoingHttpHeaders } from 'node:http';

export interface Order {
  readonly method: string;
  readonly path: string;
  readonly headers: OutgoingHttpHeaders;
  readonly body?: string | Buffer;
}

/** Sends a request on its own connection. Without a body in `order` the caller writes it. */
export function open(url: string, { method, path, headers, body }: Order, signal: AbortSignal): ClientRequest {
  const outgoing = request(`${url}${path}`, { method, headers, agent: false, signal });
  if (body !== undefined) outgoing.setHeader('Content-Length', Buffer.byteLength(body)).end(body);
  return outgoing;
}

/** Resolves with the response of a request, unread. */
export async function answerTo(outgoing: ClientRequest): Promise<IncomingMessage> {
  const [answer] = (await once(outgoing, 'response')) as [IncomingMessage];
  return answer;
}

/** Sends a request, reads the whole response, and resolves with its status. */
export async function statusOf(url: string, order: Order, signal: AbortSignal): Promise<number> {
  const answer = await answerTo(open(url, order, signal));
  answer.resume();
  await once(answer, 'end');
  return answer.statusCode ?? 0;
}
