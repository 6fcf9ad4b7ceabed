import type { BucketStore, StoredObject } from './bucket-store.ts';
import { md5, sha256 } from './bucket-store.ts';
import { S3Failure } from './failure.ts';
import type { Received } from './signature.ts';
import { element, partsNamedIn } from './xml.ts';

/** A response; the pieces of a body are sent in order. */
export interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: readonly Buffer[] | string;
}

const MAX_LISTED = 1000;

/** Handles a request for a bucket. */
export function onBucket(bucket: BucketStore, { method, query }: Received): Reply {
  const max = Math.min(Number(query['max-keys'] ?? query['max-uploads'] ?? MAX_LISTED), MAX_LISTED);
  const prefix = query.prefix ?? '';
  if (method === 'GET' && query['list-type'] === '2') {
    const { items, truncated } = bucket.keys(prefix, query['start-after'] ?? '', max);
    const contents = items.map((key) =>
      element(
        'Contents',
        element('Key', key) + element('Size', bucket.find(key).size) + element('ETag', bucket.find(key).tag),
      ),
    );
    return { status: 200, body: element('ListBucketResult', element('IsTruncated', truncated) + contents.join('')) };
  }
  if (method === 'GET' && query.uploads !== undefined) {
    const { items, truncated } = bucket.uploads(
      prefix,
      query['key-marker'] ?? '',
      query['upload-id-marker'] ?? '',
      max,
    );
    const uploads = items.map(({ key, id }) => element('Upload', element('Key', key) + element('UploadId', id)));
    return {
      status: 200,
      body: element('ListMultipartUploadsResult', element('IsTruncated', truncated) + uploads.join('')),
    };
  }
  throw new S3Failure(501, 'NotImplemented');
}

/** Handles a request for an object or a multipart upload. */
export function onObject(bucket: BucketStore, key: string, request: Received): Reply {
  const { method, query, headers, body } = request;
  const { uploadId } = query;
  if (method === 'POST' && query.uploads !== undefined) {
    const id = bucket.begin(key, headers['x-amz-checksum-algorithm'] === 'SHA256');
    return { status: 200, body: element('InitiateMultipartUploadResult', element('UploadId', id)) };
  }
  if (method === 'POST' && uploadId !== undefined) {
    const { tag } = bucket.complete(key, uploadId, partsNamedIn(body.toString()));
    return { status: 200, body: element('CompleteMultipartUploadResult', element('ETag', tag)) };
  }
  if (method === 'PUT') {
    const checksum = headers['x-amz-checksum-sha256'];
    requireDigest(headers['content-md5'], () => md5(body, 'base64'));
    requireDigest(checksum, () => sha256(body));
    const tag =
      uploadId === undefined
        ? bucket.put(key, body, headers['if-none-match'] === '*').tag
        : bucket.putPart(key, uploadId, Number(query.partNumber), body, checksum !== undefined);
    return { status: 200, headers: { etag: tag } };
  }
  if (method === 'DELETE') {
    if (uploadId === undefined) bucket.delete(key);
    else bucket.abort(key, uploadId);
    return { status: 204 };
  }
  if (method === 'GET' && uploadId !== undefined) return listParts(bucket, key, uploadId, query);
  if (method === 'GET' || method === 'HEAD') return read(bucket.find(key), request);
  throw new S3Failure(501, 'NotImplemented');
}

function listParts(bucket: BucketStore, key: string, uploadId: string, query: Received['query']): Reply {
  const max = Math.min(Number(query['max-parts'] ?? MAX_LISTED), MAX_LISTED);
  const { items, truncated } = bucket.parts(key, uploadId, Number(query['part-number-marker'] ?? 0), max);
  const parts = items.map(({ number, tag, size, sha256: digest }) =>
    element(
      'Part',
      element('PartNumber', number) +
        element('ETag', tag) +
        element('Size', size) +
        (digest === null ? '' : element('ChecksumSHA256', digest)),
    ),
  );
  return { status: 200, body: element('ListPartsResult', element('IsTruncated', truncated) + parts.join('')) };
}

function read(object: StoredObject, { headers, query }: Received): Reply {
  if (headers['if-match'] !== undefined && headers['if-match'] !== object.tag)
    throw new S3Failure(412, 'PreconditionFailed');
  const described = {
    etag: object.tag,
    'content-type': query['response-content-type'] ?? 'application/octet-stream',
    ...(query['response-content-disposition'] === undefined
      ? {}
      : { 'content-disposition': query['response-content-disposition'] }),
  };
  const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(headers.range ?? '') ?? [];
  if (first === undefined) {
    return { status: 200, headers: { ...described, 'content-length': String(object.size) }, body: object.chunks };
  }
  const [from, to] = [Number(first), Math.min(Number(last) + 1, object.size)];
  if (from >= object.size) throw new S3Failure(416, 'InvalidRange');
  const range = { 'content-length': String(to - from), 'content-range': `bytes ${from}-${to - 1}/${object.size}` };
  return { status: 206, headers: { ...described, ...range }, body: slice(object.chunks, from, to) };
}

function slice(chunks: readonly Buffer[], from: number, to: number): readonly Buffer[] {
  let at = 0;
  return chunks.flatMap((chunk) => {
    const begin = at;
    at += chunk.length;
    const part = chunk.subarray(Math.max(0, from - begin), Math.max(0, to - begin));
    return part.length === 0 ? [] : [part];
  });
}

function requireDigest(promised: string | undefined, found: () => string): void {
  if (promised !== undefined && promised !== found()) throw new S3Failure(400, 'BadDigest');
}
