import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { isIPv4 } from 'node:net';
import { decode, encode, type Answer, type Packet } from 'dns-packet';

const RCODES = { missing: 3, failing: 2 } as const;

/**
 * All addresses of a name; or that it does not exist, that the server fails, or does not answer.
 */
export type NameAnswer = readonly string[] | keyof typeof RCODES | 'silent';

/** A DNS server on loopback that knows only the names of a test. */
export interface DnsServer {
  /** As `PLATTER_IMPORT_DNS` has it. */
  readonly address: string;
  /** The names of all questions, with their type, in order. */
  readonly questions: readonly string[];
  /** Sets what a name resolves to: each look-up has the next answer, and the last one stays. */
  set(name: string, ...answers: readonly NameAnswer[]): void;
  close(): Promise<void>;
}

/** Starts a DNS server. A name without an answer does not exist. */
export async function startDnsServer(): Promise<DnsServer> {
  const names = new Map<string, readonly NameAnswer[]>();
  const questions: string[] = [];
  const socket = createSocket('udp4');
  socket.on('message', (message, peer) => {
    const query = decode(message);
    const [question] = query.questions ?? [];
    if (question === undefined) return;
    const asked = `${question.type} ${question.name}`;
    const lookUps = questions.filter((before) => before === asked).length;
    questions.push(asked);
    const answers = names.get(question.name.toLowerCase()) ?? ['missing'];
    const reply = replyTo(query, answers[Math.min(lookUps, answers.length - 1)]!);
    if (reply !== null) socket.send(reply, peer.port, peer.address);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return {
    address: `127.0.0.1:${socket.address().port}`,
    questions,
    set: (name, ...answers) => void names.set(name, answers),
    close: async () => closed(socket),
  };
}

function replyTo({ id = 0, questions = [] }: Packet, answer: NameAnswer): Buffer | null {
  if (answer === 'silent') return null;
  const head: Packet = { type: 'response', id, questions, flags: 0x80 };
  if (typeof answer === 'string') return encode({ ...head, flags: 0x80 | RCODES[answer] });
  const [{ name, type } = { name: '', type: 'A' as const }] = questions;
  const answers = answer
    .filter((address) => type === (isIPv4(address) ? 'A' : 'AAAA'))
    .map((data): Answer => ({ name, type: isIPv4(data) ? 'A' : 'AAAA', ttl: 0, data }));
  return encode({ ...head, answers });
}

async function closed(socket: Socket): Promise<void> {
  socket.close();
  await once(socket, 'close');
}
