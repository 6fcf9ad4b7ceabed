import { createHmac, randomBytes } from 'node:crypto';
import { hash, verify } from '@node-rs/argon2';
import type { HashingParty, PasswordGuess, PasswordHasher } from '../../application/ports/password-hasher.ts';
import { passwordForms } from '../../domain/access/password.ts';
import { FairQueue, type QueueTerms } from './fair-queue.ts';

/**
 * Argon2id with 19 MiB, two passes and one lane: the least that OWASP's Password Storage Cheat
 * Sheet asks for, some tens of milliseconds of one core. Memory in KiB.
 */
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1, outputLen: 32 };
const SALT_BYTES = 16;

/**
 * Half of Node's threads at most, so that files and names are still looked up; a full queue is
 * through in about a second.
 */
const DEFAULT_QUEUE: QueueTerms = { atOnce: 2, waiting: 32, retryAfterSeconds: 2 };

/**
 * Argon2id through Node's thread pool. A verification that is under way is not begun a second time.
 */
export class Argon2PasswordHasher implements PasswordHasher {
  readonly #queue: FairQueue;
  readonly #pepper = randomBytes(32);
  readonly #underway = new Map<string, Promise<boolean>>();

  constructor(queue: QueueTerms = DEFAULT_QUEUE) {
    this.#queue = new FairQueue(queue);
  }

  async hash(password: string, turn: HashingParty): Promise<string> {
    return this.#queue.run(turn, async () => hash(password, COST));
  }

  async verify({ name, password, passwordHash }: PasswordGuess, turn: HashingParty): Promise<boolean> {
    const asked = passwordHash ?? this.#dummyOf(name);
    // Neither a password nor anything it could be guessed from serves as a key: what is in memory
    // may end up in a dump.
    const key = this.#keyed(`${asked}\0${password}`).toString('base64url');
    const underway = this.#underway.get(key) ?? this.#begin(key, asked, password, turn);
    const matches = await underway;
    return matches && passwordHash !== null;
  }

  async #begin(key: string, passwordHash: string, password: string, turn: HashingParty): Promise<boolean> {
    const answer = this.#queue
      .run(turn, async () => matchesAny(passwordHash, passwordForms(password)))
      .finally(() => this.#underway.delete(key));
    this.#underway.set(key, answer);
    return answer;
  }

  /**
   * The hash of a user that does not exist. It costs as much to verify as any other, and no
   * password is known to belong to it. Each name has its own, so that guesses at such names crowd
   * the queue as guesses at users do.
   */
  #dummyOf(name: string): string {
    return phcOf(this.#keyed(`salt ${name}`).subarray(0, SALT_BYTES), this.#keyed(`hash ${name}`));
  }

  #keyed(text: string): Buffer {
    return createHmac('sha256', this.#pepper).update(text, 'utf8').digest();
  }
}

/** Verifies every form, also behind one that matched, so that the time does not tell which. */
async function matchesAny(passwordHash: string, forms: readonly string[]): Promise<boolean> {
  let matches = false;
  for (const form of forms) matches = (await verify(passwordHash, form)) || matches;
  return matches;
}

/**
 * The form in which Argon2 hashes are written: `$argon2id$v=19$m=…,t=…,p=…$salt$hash`, base64
 * without padding.
 */
function phcOf(salt: Buffer, output: Buffer): string {
  const { memoryCost, timeCost, parallelism } = COST;
  return `$argon2id$v=19$m=${memoryCost},t=${timeCost},p=${parallelism}$${unpadded(salt)}$${unpadded(output)}`;
}

function unpadded(binary: Buffer): string {
  return binary.toString('base64').replace(/=+$/, '');
}
