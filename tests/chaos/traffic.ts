import { once } from 'node:events';
import { Cloud, type Listed } from '../acceptance/cloudsigma/cloud.ts';
import type { Answer, Client } from '../support/http/client.ts';
import { ROOT_PASSWORD } from '../support/program/platter.ts';
import { until } from '../support/waiting/until.ts';
import type { Attempt, Ledger } from './ledger.ts';
import type { Random } from './random.ts';
import { bytesOf, sha256Of } from './stage.ts';

const CLIENTS = 4;
const MAX_HELD = 2;
const PIECE = 16 * 1024;
const MAX_BYTES = 256 * 1024;
const MAX_ZEROS = 2 ** 40;

/**
 * Several clients that upload, create, clone and remove without a pause, and write down what they
 * are told.
 */
export class Traffic {
  readonly ended: Promise<unknown>;
  readonly #root: Client;
  readonly #cloud: Cloud;
  readonly #ledger: Ledger;
  readonly #random: Random;
  readonly #stop = new AbortController();
  readonly #stopped = once(this.#stop.signal, 'abort');
  #answers = 0;
  #names = 0;
  readonly #mostHeld: number;
  #held = 0;

  /**
   * Names begin with `token`, which is new each time. `mostHeld` uploads are only half sent until
   * everything ends, which has to be soon.
   */
  constructor(root: Client, ledger: Ledger, random: Random, token: string, mostHeld = MAX_HELD) {
    this.#mostHeld = mostHeld;
    this.#root = root;
    this.#cloud = new Cloud(root.url, 'root', ROOT_PASSWORD);
    this.#ledger = ledger;
    this.#random = random;
    this.ended = Promise.all(Array.from({ length: CLIENTS }, async () => this.#work(token)));
  }

  /** How many answers there were. */
  get count(): number {
    return this.#answers;
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
      const name = `${token} ${(this.#names += 1)}`;
      if (await this.#ask(this.#random.below(13), name)) this.#answers += 1;
    }
  }

  /** Answers whether there was an answer. */
  async #ask(choice: number, name: string): Promise<boolean> {
    if (choice < 5) return this.#upload(name);
    if (choice < 7) return this.#create(name);
    return choice < 10 ? this.#clone(name) : this.#remove();
  }

  async #upload(name: string): Promise<boolean> {
    const bytes = bytesOf(this.#random.below(MAX_BYTES), name);
    const attempt = { name, size: bytes.length, sha256: sha256Of(bytes) };
    const holds = this.#held < this.#mostHeld && this.#random.below(4) === 0;
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
    const size = this.#random.below(MAX_ZEROS);
    return this.#make(
      { name, size, sha256: null },
      this.#root.call('PUT /m/media/create', { gid: 0, mpid: 1, name, size }),
    );
  }

  /** Read-only clones share the bytes of what was uploaded; the others are copied by a job. */
  async #clone(name: string): Promise<boolean> {
    const source = this.#ledger.anyMade((mids) => this.#random.of(mids));
    if (source === null) return false;
    const media = this.#random.below(3) === 0 ? 'cdrom' : 'disk';
    const attempt = { ...source.attempt, name };
    const asked = this.#cloud.call(`POST /drives/${source.mid}/action/?do=clone`, { name, media });
    const answer = await answerOf(asked, [202, 404, 409]);
    if (answer === null) this.#ledger.unanswered(attempt);
    else if (answer.status === 202) this.#ledger.made((answer.body as Listed).objects[0]!.uuid, attempt);
    return answer !== null;
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
    let answer = await answerOf(this.#root.call('DELETE /m/media', { mid }), [200, 404]);
    // A clone that is being made exists in the other dialect alone.
    if (answer?.status === 404) answer = await answerOf(this.#cloud.call(`DELETE /drives/${mid}/`), [204]);
    if (answer !== null) this.#ledger.removed(mid);
    return answer !== null;
  }
}

/** The answer, or null where it was lost, or says that nobody knows. Any other failure is one. */
async function answerOf(asked: Promise<Answer>, expected: readonly number[] = [200]): Promise<Answer | null> {
  const answer = await asked.catch((fault: unknown) => {
    if (LOST.has((fault as { code?: string }).code ?? '')) return null;
    throw fault;
  });
  if (answer === null || answer.status === 503) return null;
  if (!expected.includes(answer.status)) throw new Error(`nobody expected ${answer.status} ${answer.text}`);
  return answer;
}

const LOST = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ERR_STREAM_PREMATURE_CLOSE']);
