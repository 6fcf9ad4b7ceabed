import type { Answer } from '../../support/http/client.ts';
import type { RawAnswer } from '../../support/http/raw-http.ts';
import type { Scene } from './scene.ts';

/** An answer to any of the clients. */
export type AnyAnswer = Pick<Answer | RawAnswer, 'status' | 'headers' | 'body'>;

/**
 * A request that provokes an error: its code and status by the table, when it occurs, and the
 * request.
 */
export type Provocation = readonly [code: number, status: number, when: string, provoke: Provoke];
export type Provoke = (scene: Scene) => Promise<AnyAnswer>;

export function row(code: number, status: number, when: string, provoke: Provoke): Provocation {
  return [code, status, when, provoke];
}

/** Fails unless `answer` is an error in the form of docs/velocity.md#errors. */
export function expectError(answer: AnyAnswer, code: number, status: number): void {
  const said: unknown = expect.stringMatching(/^\S/);
  const twice = status === 400 ? { error: true, reason: said } : {};
  expect({ status: answer.status, body: answer.body }).toEqual({ status, body: { code, message: said, ...twice } });
  expect(answer.headers['content-type']).toMatch(/^application\/json\b/);
  expect(answer.headers['access-control-allow-origin']).toBe('*');
  if (status === 405) expect(answer.headers.allow).toMatch(/^[A-Z]+(, [A-Z]+)*$/);
  if (status === 429 || status === 503) expect(answer.headers['retry-after']).toMatch(/^[1-9][0-9]*$/);
}
