import { createReadStream } from 'node:fs';
import { text } from 'node:stream/consumers';
import { DeleteObjectCommand } from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { clientOf, type Bucket } from './s3.ts';

// Reads an `Order` as JSON from standard input. Uploads the file with lib-storage and its defaults,
// once to warm up and once measured, and prints the duration.
interface Order {
  readonly bucket: Bucket;
  readonly file: string;
  readonly bytes: number;
}

const { bucket, file, bytes } = JSON.parse(await text(process.stdin)) as Order;
const client = clientOf(bucket);
const key = 'straight';

async function upload(): Promise<number> {
  const begun = performance.now();
  const Body = createReadStream(file, { end: bytes - 1 });
  await new Upload({ client, params: { Bucket: bucket.name, Key: key, Body, ContentLength: bytes } }).done();
  return (performance.now() - begun) / 1000;
}

await upload();
const seconds = await upload();
await client.send(new DeleteObjectCommand({ Bucket: bucket.name, Key: key }));
process.stdout.write(`${JSON.stringify({ seconds })}\n`);
