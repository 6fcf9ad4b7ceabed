import { run, script } from '../frame/program.ts';

/**
 * A request that is answered with a 200. In its body `#n` is replaced by a unique name, and `#mid`
 * by `mid` of the previous response.
 */
export interface Step {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** Many small requests: every connection repeats the steps in order. */
export interface Load {
  readonly port: number;
  readonly connections: number;
  readonly seconds: number;
  readonly steps: readonly Step[];
}

export interface Served {
  /** The number of completed passes. */
  readonly cycles: number;
  readonly seconds: number;
  /** CPU seconds of the client. */
  readonly cpu: number;
  /** The median and the 99th percentile of the duration of a request, in milliseconds. */
  readonly p50: number;
  readonly p99: number;
  /** The same per step. */
  readonly steps: readonly { readonly p50: number; readonly p99: number }[];
}

/**
 * Makes the requests from another process.
 *
 * @throws Error when a response is not a 200
 */
export async function serve(load: Load): Promise<Served> {
  return JSON.parse(await run(script('client/requests.ts'), JSON.stringify(load))) as Served;
}
