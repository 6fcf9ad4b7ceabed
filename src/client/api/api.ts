import type { IncomingMessage } from 'node:http';
import { CommandFailure } from '../command-failure.ts';
import { connectionFailure, sendRequest, textOf, type Server } from './http.ts';
import { problemOf } from './problem.ts';
import type { paths } from './v1.d.ts';

type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';
type Path = keyof paths;
/** The methods of a path. */
export type MethodOf<P extends Path> = Extract<keyof paths[P], Method>;

type BodyOf<C> = C extends { requestBody?: { content: { 'application/json': infer B } } } ? B : undefined;
type QueryOf<C> = C extends { parameters: { query?: infer Q } } ? Q : undefined;
type PathOf<C> = C extends { parameters: { path: infer V } } ? V : undefined;

/** What a call carries: variables of its path, its query and its JSON body. */
export interface CallInput<C> {
  readonly path?: PathOf<C>;
  readonly query?: QueryOf<C>;
  readonly body?: BodyOf<C>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

type Contents<C> = C extends { responses: infer R } ? R[keyof R] : never;
/** The JSON of a successful response; undefined for an empty one. */
export type Output<C> =
  Extract<Contents<C>, { content: { 'application/json': unknown } }> extends never
    ? undefined
    : Extract<Contents<C>, { content: { 'application/json': unknown } }>['content']['application/json'];

/** A call as it is sent, whatever its types. */
type AnyInput = CallInput<{
  requestBody: { content: { 'application/json': unknown } };
  parameters: { path: unknown; query: unknown };
}>;

/** Paths of lists that come in pages. */
export type ListPath = {
  [P in Path]: paths[P] extends { get: infer C }
    ? Output<C> extends { items: unknown[]; next_cursor: string | null }
      ? P
      : never
    : never;
}[Path];

type ListCall<P extends ListPath> = paths[P] extends { get: infer C } ? C : never;
/** An entry of a list. */
export type Item<P extends ListPath> = Output<ListCall<P>> extends { items: (infer I)[] } ? I : never;

const PAGE = '500';

/** A client of `/v1`, typed by the OpenAPI document of the server. */
export class Api {
  readonly server: Server;

  constructor(server: Server) {
    this.server = server;
  }

  /**
   * Sends a call and returns the JSON of its response.
   *
   * @throws ApiProblem for an error of the API, network when there is no response
   */
  async call<P extends Path, M extends MethodOf<P>>(
    method: M,
    path: P,
    input: CallInput<paths[P][M]> = {},
  ): Promise<Output<paths[P][M]>> {
    return (await this.#json(await this.#send(method, path, input as AnyInput))) as Output<paths[P][M]>;
  }

  /** Yields the entries of a list, page by page. */
  async *list<P extends ListPath>(path: P, input: CallInput<ListCall<P>> = {}): AsyncGenerator<Item<P>, void> {
    for (let cursor: string | null = null, first = true; first || cursor !== null; first = false) {
      const query = { limit: PAGE, ...(input.query as object | undefined), ...(cursor === null ? {} : { cursor }) };
      const response = await this.#send('get', path, { ...(input as AnyInput), query });
      const page = await this.#json(response);
      if (!isPage<Item<P>>(page)) throw notPlatter(this.server);
      yield* page.items;
      cursor = page.next_cursor;
    }
  }

  /** Returns all entries of a list. */
  async all<P extends ListPath>(path: P, input: CallInput<ListCall<P>> = {}): Promise<readonly Item<P>[]> {
    const items: Item<P>[] = [];
    for await (const item of this.list(path, input)) items.push(item);
    return items;
  }

  async #send(method: string, path: string, input: AnyInput): Promise<IncomingMessage> {
    const { body, signal, headers } = input;
    const type = body === undefined ? {} : { 'content-type': 'application/json' };
    const response = await sendRequest(this.server, {
      method: method.toUpperCase(),
      path: `${filledIn(path, input.path)}${queryOf(input.query)}`,
      headers: { accept: 'application/json', ...type, ...headers },
      ...(body === undefined ? {} : { body: Buffer.from(JSON.stringify(body)) }),
      ...(signal === undefined ? {} : { signal }),
    });
    if ((response.statusCode ?? 0) >= 300) throw await problemOf(response);
    return response;
  }

  /** Reads the body of a response; undefined for an empty one. */
  async #json(response: IncomingMessage): Promise<unknown> {
    let text: string;
    try {
      text = await textOf(response);
    } catch (error) {
      throw connectionFailure(this.server.url, error);
    }
    if (text === '') return undefined;
    try {
      return JSON.parse(text);
    } catch (error) {
      throw notPlatter(this.server, error);
    }
  }
}

interface Page<I> {
  readonly items: readonly I[];
  readonly next_cursor: string | null;
}

function isPage<I>(value: unknown): value is Page<I> {
  return typeof value === 'object' && value !== null && Array.isArray((value as Partial<Page<I>>).items);
}

/** The failure of a response that no Platter sends. */
function notPlatter({ url }: Server, cause?: unknown): CommandFailure {
  return new CommandFailure('failed', `${url.href} does not respond like Platter`, 'Check the address.', cause);
}

function filledIn(path: string, variables: unknown): string {
  const values = (variables ?? {}) as Readonly<Record<string, unknown>>;
  return path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(values[name])));
}

function queryOf(query: unknown): string {
  const pairs = Object.entries((query ?? {}) as Readonly<Record<string, string | number | undefined>>).flatMap(
    ([name, value]) => (value === undefined ? [] : [[name, String(value)] as [string, string]]),
  );
  return pairs.length === 0 ? '' : `?${new URLSearchParams(pairs).toString()}`;
}
