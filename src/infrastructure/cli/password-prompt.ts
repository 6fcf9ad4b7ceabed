import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';

/**
 * Reads a password: on a terminal twice and without echo, else the first line of standard input.
 *
 * @throws Error when the two differ, or standard input is empty
 */
export async function askPassword(name: string): Promise<string> {
  if (!process.stdin.isTTY) return firstLine();
  const first = await askUnseen(`New password of ${name}: `);
  const second = await askUnseen('Once more: ');
  if (first !== second) throw new Error('the two passwords differ');
  return first;
}

async function firstLine(): Promise<string> {
  for await (const line of createInterface({ input: process.stdin })) return line;
  throw new Error('standard input has no password');
}

async function askUnseen(question: string): Promise<string> {
  process.stderr.write(question);
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const reader = createInterface({ input: process.stdin, output: nowhere, terminal: true });
  try {
    return await reader.question('');
  } finally {
    reader.close();
    process.stderr.write('\n');
  }
}
