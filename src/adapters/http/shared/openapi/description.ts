import { z } from 'zod';

/** A request or a value as somebody might send it. The tests send it. */
export interface Example {
  readonly summary: string;
  readonly value: unknown;
}

/**
 * Examples by their names. Those of a body and of a parameter that have the same name belong
 * together.
 */
export type Examples = Readonly<Record<string, Example>>;

export interface ParameterDescription {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required: boolean;
  readonly description: string;
  readonly schema: z.ZodType;
  readonly example?: string | number;
  readonly examples?: Examples;
}

/** What is sent or answered: JSON that fits a schema, or, without one, bytes as they are. */
export interface ContentDescription {
  readonly type: string;
  readonly schema: z.ZodType | null;
}

export interface BodyDescription extends ContentDescription {
  readonly required: boolean;
  readonly description?: string;
  readonly examples: Examples;
}

export interface AnswerDescription {
  readonly description: string;
  /** Left out where there is nothing to read. */
  readonly content?: ContentDescription;
  /** Headers that are there besides those of every answer. */
  readonly headers?: readonly DescribedHeader[];
}

/** By status. */
export type AnswerDescriptions = Readonly<Record<number, AnswerDescription>>;

/** One call, with everything that it may answer. */
export interface CallDescription {
  readonly summary: string;
  readonly description?: string;
  readonly tag: string;
  /**
   * Names of ways to say who is calling, of which one is needed; none for a call that needs none.
   */
  readonly security: readonly string[];
  readonly parameters?: readonly ParameterDescription[];
  readonly body?: BodyDescription;
  readonly answers: AnswerDescriptions;
}

/** What a dialect answers below `root` where the document has no such path or method. */
export interface CommonErrorsDescription {
  readonly root: string;
  readonly description: string;
  readonly answers: AnswerDescriptions;
}

/** A dialect, or another part of what is served, as the document has it. */
export interface PartDescription {
  readonly tags: readonly { readonly name: string; readonly description: string }[];
  /** Ways to say who is calling, by name, as OpenAPI writes them. */
  readonly security: Readonly<Record<string, object>>;
  /** By method and path, such as `GET /a/{b}`. */
  readonly calls: Readonly<Record<string, CallDescription>>;
  readonly commonErrors: readonly CommonErrorsDescription[];
}

/** What headers of answers say. */
export const HEADERS = {
  'Accept-Encoding': 'The codings that a body to store may have.',
  'Accept-Ranges': 'That parts may be asked for.',
  Allow: 'The methods that the path has.',
  'Cache-Control': 'Whether the answer may be kept: no answer but those that say so.',
  'Content-Disposition': 'A file name for the bytes.',
  'Content-Range': 'Which part this is, of how many bytes.',
  ETag: 'Names these very bytes.',
  Location: 'Where the bytes are, for some minutes and without credentials.',
  'Platter-Warning':
    'Says `bytes-damaged` where the bytes are known not to be those that came in, and the operator has them served all the same.',
  'Repr-Digest': 'The SHA-256 of all the bytes (RFC 9530), where it is known.',
  'Retry-After': 'In how many seconds it is worth trying again.',
  'WWW-Authenticate': 'How to say who is calling.',
  'X-Request-Id': 'Names the request in the log.',
} as const;

export type DescribedHeader = keyof typeof HEADERS;

/** An answer in JSON. */
export function jsonAnswer(
  description: string,
  schema: z.ZodType,
  headers: readonly DescribedHeader[] = [],
): AnswerDescription {
  return { description, content: { type: 'application/json', schema }, headers };
}

/** Headers that an error of this status has in every dialect. */
export function headersOf(status: number): readonly DescribedHeader[] {
  return HEADERS_BY_STATUS[status] ?? [];
}

const HEADERS_BY_STATUS: Readonly<Record<number, readonly DescribedHeader[]>> = {
  401: ['WWW-Authenticate'],
  405: ['Allow'],
  415: ['Accept-Encoding'],
  416: ['Content-Range'],
  429: ['Retry-After'],
  503: ['Retry-After'],
};

/** The digests that an upload may promise of its bytes, in every dialect. */
export const DIGEST_HEADERS: readonly ParameterDescription[] = (['repr-digest', 'content-digest'] as const).map(
  (name) => ({
    name,
    in: 'header',
    required: false,
    description: 'The SHA-256 that the bytes must have, as `sha-256=:…:` in Base64 (RFC 9530).',
    schema: z.string(),
  }),
);

const BYTES_HEADERS = [
  'Accept-Ranges',
  'Cache-Control',
  'Content-Disposition',
  'ETag',
  'Platter-Warning',
  'Repr-Digest',
] as const;

/** What is answered to whoever reads bytes. */
export const BYTES: AnswerDescriptions = {
  200: {
    description: 'All the bytes',
    content: { type: 'application/octet-stream', schema: null },
    headers: BYTES_HEADERS,
  },
  206: {
    description: 'The part that was asked for',
    content: { type: 'application/octet-stream', schema: null },
    headers: [...BYTES_HEADERS, 'Content-Range'],
  },
  304: { description: 'The client has these bytes already', headers: ['ETag'] },
};
