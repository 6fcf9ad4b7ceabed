import express from 'express';
import { Pool } from 'pg';

// usage: lists-server GID, with DATABASE_URL in its environment. A plain handler: Express, pg, the
// query, the response, without authentication. Prints the port that it listens on.
const [gid = ''] = process.argv.slice(2);
const pool = new Pool({ connectionString: process.env.DATABASE_URL, max: 20 });
const app = express().disable('x-powered-by').disable('etag');

interface MediaRow {
  readonly id: string;
  readonly pool_id: string;
  readonly name: string;
  readonly type: string;
  readonly size: string;
  readonly readonly: boolean;
  readonly can_write: boolean;
  readonly sha256: string | null;
  readonly format: string;
  readonly virtual_size: string;
  readonly label: string | null;
  readonly encrypted: boolean;
}

app.get('/media', async (_request, response) => {
  const { rows } = await pool.query<MediaRow>(
    `select id, media.pool_id, name, type, size, readonly, format, virtual_size, label, encrypted, coalesce(can_write, true) as can_write,
       (select encode(sha256, 'hex') from blobs
        where blobs.id = blob_id and stored_bytes = size and (readonly or fingerprint is null)) as sha256
     from media left join assignments using (group_id, pool_id)
     where group_id = $1 and state = 'ready' and (group_id = 0 or can_write is not null)
       and not exists (select from library_drives where media_id = media.id)
     order by created_at, id`,
    [gid],
  );
  response.json({
    media: rows.map((row) => ({
      mid: row.id,
      mpid: Number(row.pool_id),
      name: row.name,
      type: row.type,
      size: Number(row.size),
      readonly: row.readonly || !row.can_write,
      sha256: row.sha256,
      format: row.format,
      virtual_size: Number(row.virtual_size),
      label: row.label,
      encrypted: row.encrypted,
    })),
  });
});

app.get('/libdrives', async (_request, response) => {
  const { rows } = await pool.query(
    `select media_id, pool_id, media.type as media_type, size, drives.*
     from (
       select media_id, name, description, os, arch, distribution, version, category, image_type, install_notes, paid, favourite, url,
         default_user, meta, published_at, count(*) over () as total
       from library_drives where published_at is not null and withdrawn_at is null
       order by published_at, media_id limit $1
     ) as drives join media on media.id = media_id
     order by published_at, media_id`,
    [50],
  );
  response.json({ meta: { limit: 50, offset: 0 }, objects: rows });
});

interface ItemRow extends Omit<MediaRow, 'can_write'> {
  readonly group_id: string;
  readonly stored_bytes: string | null;
  readonly state: string;
  readonly protected: boolean;
  readonly created_at: Date;
  readonly user_id: string | null;
  readonly user_name: string | null;
}

app.get('/items', async (_request, response) => {
  const { rows } = await pool.query<ItemRow>(
    `select media.id, group_id, media.pool_id, media.name, type, size, stored_bytes, readonly, protected, state, format, virtual_size,
       label, encrypted, encode(sha256, 'hex') as sha256, media.created_at, users.id as user_id, users.name as user_name
     from media join blobs on blobs.id = blob_id left join users on users.uuid = media.created_by
     where group_id = $1 order by media.created_at, media.id limit 50`,
    [gid],
  );
  response.json({
    items: rows.map((row) => ({
      id: row.id,
      name: row.name,
      group: Number(row.group_id),
      pool: Number(row.pool_id),
      type: row.type,
      size: Number(row.size),
      stored_bytes: Number(row.stored_bytes),
      read_only: row.readonly,
      protected: row.protected,
      state: row.state,
      format: row.format,
      virtual_size: Number(row.virtual_size),
      volume_label: row.label,
      encrypted: row.encrypted,
      sha256: row.sha256,
      created_at: row.created_at,
      created_by: { id: Number(row.user_id), name: row.user_name },
    })),
  });
});

const server = app.listen(0, '127.0.0.1', () => {
  process.stdout.write(`ready ${JSON.stringify(server.address())}\n`);
});
process.on('SIGTERM', () => process.exit(0));
