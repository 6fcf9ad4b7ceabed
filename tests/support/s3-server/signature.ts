import { createHash } from 'node:crypto';
import { Sha256 } from '@aws-crypto/sha256-js';
import { SignatureV4 } from '@smithy/signature-v4';
import { S3Failure } from './failure.ts';

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** A received request. */
export interface Received {
  readonly method: string;
  /** Still percent-encoded. */
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** How far the clock of a signer may differ from the server's. */
const MAX_SKEW_MS = 15 * 60_000;

const HEADER =
  /^AWS4-HMAC-SHA256 Credential=([^/]+)\/\d{8}\/([^/]+)\/s3\/aws4_request, ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})$/;

/** Throws unless header or query of the request have a valid signature by these credentials. */
export async function requireSignature(request: Received, known: Credentials): Promise<void> {
  if (request.query['X-Amz-Signature'] !== undefined) {
    await requireSignedQuery(request, known);
    return;
  }
  const [, accessKey, region = '', signedHeaders = '', signature] =
    HEADER.exec(request.headers.authorization ?? '') ?? [];
  if (accessKey === undefined) throw new S3Failure(403, 'AccessDenied');
  if (accessKey !== known.accessKeyId) throw new S3Failure(403, 'InvalidAccessKeyId');
  requirePayload(request);
  const signingDate = dateOf(request.headers['x-amz-date']);
  if (Math.abs(Date.now() - signingDate.getTime()) > MAX_SKEW_MS) throw new S3Failure(403, 'RequestTimeTooSkewed');
  const names = signedHeaders.split(';');
  const headers = Object.fromEntries(names.map((name) => [name, request.headers[name] ?? '']));
  const signed = await signerOf(known, region).sign(asSent(request, headers, request.query), {
    signingDate,
    signableHeaders: new Set(names),
  });
  if (!signed.headers.authorization?.endsWith(`Signature=${signature}`))
    throw new S3Failure(403, 'SignatureDoesNotMatch');
}

async function requireSignedQuery(request: Received, known: Credentials): Promise<void> {
  const { query, headers } = request;
  const [accessKey, , region = ''] = (query['X-Amz-Credential'] ?? '').split('/');
  if (accessKey !== known.accessKeyId) throw new S3Failure(403, 'InvalidAccessKeyId');
  const signingDate = dateOf(query['X-Amz-Date']);
  const expiresIn = Number(query['X-Amz-Expires']);
  const age = Date.now() - signingDate.getTime();
  if (age > expiresIn * 1000 || age < -MAX_SKEW_MS) throw new S3Failure(403, 'AccessDenied');
  const unsigned = Object.fromEntries(Object.entries(query).filter(([name]) => !name.startsWith('X-Amz-')));
  // A presigned request does not cover the body.
  const signing = { host: headers.host ?? '', 'X-Amz-Content-Sha256': 'UNSIGNED-PAYLOAD' };
  const signed = await signerOf(known, region).presign(asSent(request, signing, unsigned), { signingDate, expiresIn });
  if (signed.query?.['X-Amz-Signature'] !== query['X-Amz-Signature']) throw new S3Failure(403, 'SignatureDoesNotMatch');
}

function signerOf(credentials: Credentials, region: string): SignatureV4 {
  return new SignatureV4({ credentials, region, service: 's3', sha256: Sha256, uriEscapePath: false });
}

function asSent({ method, path }: Received, headers: Record<string, string>, query: Record<string, string>) {
  return { method, path, headers, query, hostname: headers.host ?? '', protocol: 'http:' };
}

/** Throws unless the body matches its hash in the signed headers. */
function requirePayload({ headers, body }: Received): void {
  const promised = headers['x-amz-content-sha256'];
  if (promised === 'UNSIGNED-PAYLOAD') return;
  if (promised !== createHash('sha256').update(body).digest('hex')) {
    throw new S3Failure(400, promised?.startsWith('STREAMING-') ? 'NotImplemented' : 'XAmzContentSHA256Mismatch');
  }
}

function dateOf(text = ''): Date {
  const [, year, month, day, hour, minute, second] = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text) ?? [];
  if (year === undefined) throw new S3Failure(403, 'AccessDenied');
  return new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
}
