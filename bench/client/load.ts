import { run, script } from '../frame/program.ts';

/**
 * A request, answered with a 200. In its body `#n` stands for a name that nobody else takes and
 * `#mid` for what the answer before called `mid`.
 */
export interface Step {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/**
 * What many small requests are made of: every connection takes the steps in their order, again and
 * again.
 */
export interface Load {
  readonly port: number;
  readonly connections: number;
  readonly seconds: number;
  readonly steps: readonly Step[];
}

export interface Served {
  /** How often all steps were taken. */
  readonly cycles: number;
  readonly seconds: number;
  /** CPU seconds of the client. */
  readonly cpu: number;
  /** What single requests took: milliseconds that half of them, and 99 of 100, were not above. */
  readonly p50: number;
  readonly p99: number;
  /** The same for each step alone. */
  readonly steps: readonly { readonly p50: number; readonly p99: number }[];
}

/** Makes the requests in a process of their own. Fails when an answer is no 200. */
export async function serve(load: Load): Promise<Served> {
  return JSON.parse(await run(script('client/requests.ts'), JSON.stringify(load))) as Served;
}
