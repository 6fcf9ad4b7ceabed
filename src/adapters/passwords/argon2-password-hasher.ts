import { createHmac, randomBytes } from 'node:crypto';
import { hash, verify } from '@node-rs/argon2';
import type { HashingParty, PasswordGuess, PasswordHasher } from '../../application/ports/password-hasher.ts';
import { passwordForms } from '../../domain/access/password.ts';
import { FairQueue, type QueueLimits } from './fair-queue.ts';

/**
 * Argon2id with 19 MiB, two passes and one lane: the minimum of OWASP's Password Storage Cheat
 * Sheet, some tens of milliseconds of one core. `memoryCost` is in KiB, `outputLen` in bytes.
 */
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1, outputLen: 32 };
const SALT_BYTES = 16;

/**
 * Uses at most half of Node's thread pool, which files and DNS need too. A full queue drains in
 * about a second.
 */
const DEFAULT_QUEUE: QueueLimits = { maxRunning: 2, maxWaiting: 32, retryAfterSeconds: 2 };

/**
 * Runs Argon2id in Node's thread pool. Concurrent verifications of the same guess share one run.
 */
export class Argon2PasswordHasher implements PasswordHasher {
  readonly #queue: FairQueue;
  readonly #pepper = randomBytes(32);
  readonly #underway = new Map<string, Promise<boolean>>();

  constructor(queue: QueueLimits = DEFAULT_QUEUE) {
    this.#queue = new FairQueue(queue);
  }

  async hash(password: string, turn: HashingParty): Promise<string> {
    return this.#queue.run(turn, async () => hash(password, COST));
  }

  async verify({ name, password, passwordHash }: PasswordGuess, turn: HashingParty): Promise<boolean> {
    const expected = passwordHash ?? this.#dummyOf(name);
    // The key must not reveal the password, since memory may end up in a dump.
    const key = this.#keyed(`${expected}\0${password}`).toString('base64url');
    const underway = this.#underway.get(key) ?? this.#begin(key, expected, password, turn);
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
   * Returns a hash for a user that does not exist. It costs as much to verify as a real one, and no
   * password matches it. Each name has its own hash, so that guesses at unknown names queue like
   * guesses at users.
   */
  #dummyOf(name: string): string {
    return phcOf(this.#keyed(`salt ${name}`).subarray(0, SALT_BYTES), this.#keyed(`hash ${name}`));
  }

  #keyed(text: string): Buffer {
    return createHmac('sha256', this.#pepper).update(text, 'utf8').digest();
  }
}

/** Verifies every form, also after a match, so that the time does not reveal which one matched. */
async function matchesAny(passwordHash: string, forms: readonly string[]): Promise<boolean> {
  let matches = false;
  for (const form of forms) matches = (await verify(passwordHash, form)) || matches;
  return matches;
}

/** Formats a hash as `$argon2id$v=19$m=…,t=…,p=…$salt$hash`, in base64 without padding. */
function phcOf(salt: Buffer, output: Buffer): string {
  const { memoryCost, timeCost, parallelism } = COST;
  return `$argon2id$v=19$m=${memoryCost},t=${timeCost},p=${parallelism}$${unpadded(salt)}$${unpadded(output)}`;
}

function unpadded(binary: Buffer): string {
  return binary.toString('base64').replace(/=+$/, '');
}
