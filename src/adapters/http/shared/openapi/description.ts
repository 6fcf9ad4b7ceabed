import { z } from 'zod';

/** An example of a request or a value. The tests send it. */
export interface Example {
  readonly summary: string;
  readonly value: unknown;
}

/**
 * Examples by name. Examples of a body and of a parameter that have the same name belong together.
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

/** Content of a request or an answer: JSON of a schema, or raw bytes when the schema is null. */
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
  /** Absent when the answer has no body. */
  readonly content?: ContentDescription;
  /** Headers besides those of every answer. */
  readonly headers?: readonly DescribedHeader[];
}

/** By status. */
export type AnswerDescriptions = Readonly<Record<number, AnswerDescription>>;

/** One call with all its answers. */
export interface CallDescription {
  readonly summary: string;
  readonly description?: string;
  readonly tag: string;
  /** Names of security schemes, of which one is needed; empty for a call without authentication. */
  readonly security: readonly string[];
  readonly parameters?: readonly ParameterDescription[];
  readonly body?: BodyDescription;
  readonly answers: AnswerDescriptions;
}

/** Answers of a dialect below `root` to paths and methods that the document does not have. */
export interface CommonErrorsDescription {
  readonly root: string;
  readonly description: string;
  readonly answers: AnswerDescriptions;
}

/** A dialect, or another part of the service, in the document. */
export interface PartDescription {
  readonly tags: readonly { readonly name: string; readonly description: string }[];
  /** Security schemes by name, as in OpenAPI. */
  readonly security: Readonly<Record<string, object>>;
  /** By method and path, such as `GET /a/{b}`. */
  readonly calls: Readonly<Record<string, CallDescription>>;
  readonly commonErrors: readonly CommonErrorsDescription[];
}

/** Descriptions of the headers of answers. */
export const HEADERS = {
  'Accept-Encoding': 'The content codings that an upload may have.',
  'Accept-Ranges': 'That ranges are supported.',
  Allow: 'The methods of the path.',
  'Cache-Control': 'Whether the answer may be cached. Answers are not cached unless this header allows it.',
  'Content-Disposition': 'A file name for the bytes.',
  'Content-Range': 'The range of the answer, and the size of the whole.',
  ETag: 'Identifies exactly these bytes.',
  Location: 'The URL of what was created, or of the bytes: valid for some minutes and without credentials.',
  'Platter-Media': 'The id of the finished media item.',
  'Platter-Warning':
    '`bytes-damaged` when a scrub found other bytes than were uploaded and the operator serves them nevertheless.',
  'Repr-Digest': 'The SHA-256 of all the bytes (RFC 9530), when it is known.',
  'Set-Cookie': 'The cookie of the session.',
  'Retry-After': 'Seconds until the next attempt.',
  'Tus-Resumable': 'The version of the protocol.',
  'Tus-Version': 'The versions of the protocol that are supported.',
  'Upload-Expires': 'When the upload ends unless bytes arrive; of a finished one, until when it is remembered.',
  'Upload-Length': 'The size of the whole upload in bytes.',
  'Upload-Metadata': 'The name, group and pool of the upload.',
  'Upload-Offset': 'How many bytes are durable: continue there.',
  'WWW-Authenticate': 'The authentication scheme.',
  'X-Request-Id': 'The id of the request in the log.',
} as const;

export type DescribedHeader = keyof typeof HEADERS;

/** Returns the description of a JSON answer. */
export function jsonAnswer(
  description: string,
  schema: z.ZodType,
  headers: readonly DescribedHeader[] = [],
): AnswerDescription {
  return { description, content: { type: 'application/json', schema }, headers };
}

/** A problem in JSON (RFC 9457). */
export function problemResponse(
  description: string,
  schema: z.ZodType,
  headers: readonly DescribedHeader[] = [],
): AnswerDescription {
  return { description, content: { type: 'application/problem+json', schema }, headers };
}

/** Returns the headers that an error of this status has in every dialect. */
export function headersOf(status: number): readonly DescribedHeader[] {
  return HEADERS_BY_STATUS[status] ?? [];
}

const HEADERS_BY_STATUS: Readonly<Record<number, readonly DescribedHeader[]>> = {
  401: ['WWW-Authenticate'],
  405: ['Allow'],
  415: ['Accept-Encoding'],
  416: ['Content-Range'],
  423: ['Retry-After'],
  429: ['Retry-After'],
  503: ['Retry-After'],
};

/** Headers for the digest of an upload, in every dialect. */
export const DIGEST_HEADERS: readonly ParameterDescription[] = (['repr-digest', 'content-digest'] as const).map(
  (name) => ({
    name,
    in: 'header',
    required: false,
    description: 'The SHA-256 of the bytes, as `sha-256=:…:` in Base64 (RFC 9530).',
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

/** Answers of a call that serves bytes. */
export const BYTES: AnswerDescriptions = {
  200: {
    description: 'All the bytes',
    content: { type: 'application/octet-stream', schema: null },
    headers: BYTES_HEADERS,
  },
  206: {
    description: 'The requested range',
    content: { type: 'application/octet-stream', schema: null },
    headers: [...BYTES_HEADERS, 'Content-Range'],
  },
  304: { description: 'Not modified: the client has these bytes', headers: ['ETag'] },
};
