import { once } from 'node:events';
import { Cloud, type Listed } from '../acceptance/cloudsigma/cloud.ts';
import type { Answer, Client } from '../support/http/client.ts';
import { ROOT_PASSWORD } from '../support/program/platter.ts';
import { until } from '../support/waiting/until.ts';
import type { Attempt, AnswerLog } from './answer-log.ts';
import type { Random } from './random.ts';
import { bytesOf, sha256Of } from './expected-state.ts';

const CLIENTS = 4;
const MAX_STALLED = 2;
const PIECE_BYTES = 16 * 1024;
const MAX_BYTES = 256 * 1024;
const MAX_ZERO_BYTES = 2 ** 40;

/**
 * Concurrent clients that upload, create, clone and delete without a pause, and log their answers.
 */
export class Traffic {
  readonly ended: Promise<unknown>;
  readonly #root: Client;
  readonly #cloud: Cloud;
  readonly #answerLog: AnswerLog;
  readonly #random: Random;
  readonly #stop = new AbortController();
  readonly #stopped = once(this.#stop.signal, 'abort');
  #answers = 0;
  #names = 0;
  readonly #maxStalled: number;
  #stalled = 0;

  /**
   * Names begin with `token`, which must be unique. Up to `maxStalled` uploads stall halfway until
   * `stop`, which must follow soon.
   */
  constructor(root: Client, answerLog: AnswerLog, random: Random, token: string, maxStalled = MAX_STALLED) {
    this.#maxStalled = maxStalled;
    this.#root = root;
    this.#cloud = new Cloud(root.url, 'root', ROOT_PASSWORD);
    this.#answerLog = answerLog;
    this.#random = random;
    this.ended = Promise.all(Array.from({ length: CLIENTS }, async () => this.#work(token)));
  }

  /** The number of answers so far. */
  get count(): number {
    return this.#answers;
  }

  /** Resolves after this many answers. */
  async answers(count: number): Promise<void> {
    await until('enough answers', () => this.#answers >= count);
  }

  /** Lets every client finish its current request and begin no other. */
  stop(): void {
    this.#stop.abort();
  }

  async #work(token: string): Promise<void> {
    while (!this.#stop.signal.aborted) {
      const name = `${token} ${(this.#names += 1)}`;
      if (await this.#ask(this.#random.below(13), name)) this.#answers += 1;
    }
  }

  /** Resolves to whether there was an answer. */
  async #ask(choice: number, name: string): Promise<boolean> {
    if (choice < 5) return this.#upload(name);
    if (choice < 7) return this.#create(name);
    return choice < 10 ? this.#clone(name) : this.#remove();
  }

  async #upload(name: string): Promise<boolean> {
    const bytes = bytesOf(this.#random.below(MAX_BYTES), name);
    const attempt = { name, size: bytes.length, sha256: sha256Of(bytes) };
    const stalls = this.#stalled < this.#maxStalled && this.#random.below(4) === 0;
    if (stalls) this.#stalled += 1;
    const headers = { 'content-length': bytes.length };
    return this.#record(attempt, this.#root.upload({ group: 0, name, headers }, this.#pieces(bytes, stalls)));
  }

  /** Yields the pieces; with `stalls`, the second half only after `stop`. */
  async *#pieces(bytes: Uint8Array, stalls: boolean): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < bytes.length; at += PIECE_BYTES) {
      if (stalls && at > bytes.length / 2) await this.#stopped;
      yield bytes.subarray(at, at + PIECE_BYTES);
    }
  }

  async #create(name: string): Promise<boolean> {
    const size = this.#random.below(MAX_ZERO_BYTES);
    return this.#record(
      { name, size, sha256: null },
      this.#root.call('PUT /m/media/create', { gid: 0, mpid: 1, name, size }),
    );
  }

  /** A read-only clone shares the bytes of its source; a job copies the others. */
  async #clone(name: string): Promise<boolean> {
    const source = this.#answerLog.anyCreated((mids) => this.#random.of(mids));
    if (source === null) return false;
    const media = this.#random.below(3) === 0 ? 'cdrom' : 'disk';
    const attempt = { ...source.attempt, name };
    const request = this.#cloud.call(`POST /drives/${source.mid}/action/?do=clone`, { name, media });
    const answer = await answerOf(request, [202, 404, 409]);
    if (answer === null) this.#answerLog.unanswered(attempt);
    else if (answer.status === 202) this.#answerLog.created((answer.body as Listed).objects[0]!.uuid, attempt);
    return answer !== null;
  }

  async #record(attempt: Attempt, request: Promise<Answer>): Promise<boolean> {
    const answer = await answerOf(request);
    if (answer === null) this.#answerLog.unanswered(attempt);
    else this.#answerLog.created((answer.body as { mid: string }).mid, attempt);
    return answer !== null;
  }

  async #remove(): Promise<boolean> {
    const mid = this.#answerLog.chooseForDeletion((mids) => this.#random.of(mids));
    if (mid === null) return false;
    let answer = await answerOf(this.#root.call('DELETE /m/media', { mid }), [200, 404]);
    // An unfinished clone exists only in the CloudSigma dialect.
    if (answer?.status === 404) answer = await answerOf(this.#cloud.call(`DELETE /drives/${mid}/`), [204]);
    if (answer !== null) this.#answerLog.removed(mid);
    return answer !== null;
  }
}

/** Resolves to the answer, or to null if it was lost or is a 503. Rejects on any other failure. */
async function answerOf(request: Promise<Answer>, expected: readonly number[] = [200]): Promise<Answer | null> {
  const answer = await request.catch((fault: unknown) => {
    if (LOST.has((fault as { code?: string }).code ?? '')) return null;
    throw fault;
  });
  if (answer === null || answer.status === 503) return null;
  if (!expected.includes(answer.status)) throw new Error(`unexpected answer: ${answer.status} ${answer.text}`);
  return answer;
}

const LOST = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ERR_STREAM_PREMATURE_CLOSE']);
