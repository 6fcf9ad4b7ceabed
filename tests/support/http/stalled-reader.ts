import { get, type IncomingMessage } from 'node:http';

/** Sends a GET and reads nothing of the body yet. */
export async function beginReading(url: string): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    get(url, { agent: false }, (body) => resolve(body.on('error', () => undefined))).once('error', reject);
  });
}

/** Reads the rest of a body. Resolves when the connection ends, to whether the body was whole. */
export async function isReadToTheEnd(body: IncomingMessage): Promise<boolean> {
  if (!body.closed) {
    await new Promise((resolve) => {
      body.once('close', resolve);
      body.resume();
    });
  }
  return body.complete;
}
