import { once } from 'node:events';
import type { Answer, Client } from '../support/client.ts';
import { until } from '../support/until.ts';
import type { Attempt, Ledger } from './ledger.ts';
import type { Random } from './random.ts';
import { bytesOf, sha256Of } from './stage.ts';

const CLIENTS = 4;
const MOST_HELD = 2;
const PIECE = 16 * 1024;
const MOST_BYTES = 256 * 1024;
const MOST_ZEROS = 2 ** 40;

/** Several clients that upload, create and remove without a pause, and write down what they are told. */
export class Traffic {
  readonly ended: Promise<unknown>;
  readonly #root: Client;
  readonly #ledger: Ledger;
  readonly #random: Random;
  readonly #stop = new AbortController();
  readonly #stopped = once(this.#stop.signal, 'abort');
  #answers = 0;
  #names = 0;
  #held = 0;

  /** Names begin with `token`, which is new each time. */
  constructor(root: Client, ledger: Ledger, random: Random, token: string) {
    this.#root = root;
    this.#ledger = ledger;
    this.#random = random;
    this.ended = Promise.all(Array.from({ length: CLIENTS }, async () => this.#work(token)));
  }

  /** Resolves once there were this many answers. */
  async answers(count: number): Promise<void> {
    await until('answers', () => this.#answers >= count);
  }

  /** Lets every client end what it is at, and begin nothing more. */
  stop(): void {
    this.#stop.abort();
  }

  async #work(token: string): Promise<void> {
    while (!this.#stop.signal.aborted) {
      const choice = this.#random.below(10);
      const name = `${token} ${(this.#names += 1)}`;
      const isAnswered =
        choice < 5 ? await this.#upload(name) : choice < 7 ? await this.#create(name) : await this.#remove();
      if (isAnswered) this.#answers += 1;
    }
  }

  async #upload(name: string): Promise<boolean> {
    const bytes = bytesOf(this.#random.below(MOST_BYTES), name);
    const attempt = { name, size: bytes.length, sha256: sha256Of(bytes) };
    const holds = this.#held < MOST_HELD && this.#random.below(4) === 0;
    if (holds) this.#held += 1;
    const headers = { 'content-length': bytes.length };
    return this.#make(attempt, this.#root.upload({ group: 0, name, headers }, this.#pieces(bytes, holds)));
  }

  /** Some uploads are only half sent until everything ends. */
  async *#pieces(bytes: Uint8Array, holds: boolean): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < bytes.length; at += PIECE) {
      if (holds && at > bytes.length / 2) await this.#stopped;
      yield bytes.subarray(at, at + PIECE);
    }
  }

  async #create(name: string): Promise<boolean> {
    const size = this.#random.below(MOST_ZEROS);
    return this.#make(
      { name, size, sha256: null },
      this.#root.call('PUT /m/media/create', { gid: 0, mpid: 1, name, size }),
    );
  }

  async #make(attempt: Attempt, asked: Promise<Answer>): Promise<boolean> {
    const answer = await answerOf(asked);
    if (answer === null) this.#ledger.unanswered(attempt);
    else this.#ledger.made((answer.body as { mid: string }).mid, attempt);
    return answer !== null;
  }

  async #remove(): Promise<boolean> {
    const mid = this.#ledger.takeForRemoval((mids) => this.#random.of(mids));
    if (mid === null) return false;
    const answer = await answerOf(this.#root.call('DELETE /m/media', { mid }));
    if (answer !== null) this.#ledger.removed(mid);
    return answer !== null;
  }
}

/** The answer, or null where it was lost, or says that nobody knows. Any other failure is one. */
async function answerOf(asked: Promise<Answer>): Promise<Answer | null> {
  const answer = await asked.catch((fault: unknown) => {
    if (LOST.has((fault as { code?: string }).code ?? '')) return null;
    throw fault;
  });
  if (answer === null || answer.status === 503) return null;
  expect(answer).toMatchObject({ status: 200 });
  return answer;
}

const LOST = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ERR_STREAM_PREMATURE_CLOSE']);
