import type { LicenceRepository } from '../../application/ports/licence-repository.ts';
import type { BoundLicence, DeclaredLicence, Licence, LicenceNeed } from '../../domain/library/licence.ts';
import type { MediaId } from '../../domain/shared/ids.ts';
import type { Page, PageTerms } from '../../domain/shared/page.ts';
import { pageOf, rows, touch } from './query.ts';
import type { Session } from './session.ts';

interface LicenceRow {
  readonly name: string;
  readonly number: string;
  readonly long_name: string;
  readonly type: string;
  readonly burstable: boolean;
  readonly user_metric: string;
}

const COLUMNS = 'name, number, long_name, type, burstable, user_metric';

/** SQL: a licence of the domain as JSON. */
export const LICENCE = `json_build_object('name', licences.name, 'number', number, 'longName', long_name, 'type', licences.type,
  'burstable', burstable, 'userMetric', user_metric)`;

/** Stores licences in PostgreSQL. */
export class PostgresLicences implements LicenceRepository {
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  async declare(licences: readonly DeclaredLicence[]): Promise<void> {
    await touch(this.#session, 'update licences set withdrawn = true');
    // Licences with a declared number come first, so that no other licence gets it.
    for (const licence of [...licences].sort(
      (left, right) => Number(left.number === null) - Number(right.number === null),
    )) {
      await touch(
        this.#session,
        `insert into licences (${COLUMNS})
         values (?, coalesce(?::bigint, (select number from licences where name = ?), (select coalesce(max(number), 0) + 1 from licences)), ?, ?, ?, ?)
         on conflict (name) do update set number = excluded.number, long_name = excluded.long_name, type = excluded.type,
           burstable = excluded.burstable, user_metric = excluded.user_metric, withdrawn = false`,
        [
          licence.name,
          licence.number,
          licence.name,
          licence.longName,
          licence.type,
          licence.burstable,
          licence.userMetric,
        ],
      );
    }
  }

  async all(): Promise<readonly Licence[]> {
    const found = await rows<LicenceRow>(this.#session, `select ${COLUMNS} from licences order by name`);
    return found.map(licenceFrom);
  }

  async list({ limit, offset }: PageTerms): Promise<Page<Licence>> {
    return pageOf(
      this.#session,
      ['select count(*) as total from licences where not withdrawn'],
      [
        `select ${COLUMNS} from licences where not withdrawn order by name limit ?::bigint offset ?::bigint`,
        [limit, offset],
      ],
      licenceFrom,
    );
  }

  async forgetUnneeded(): Promise<void> {
    await touch(
      this.#session,
      'delete from licences where withdrawn and not exists (select from media_licences where licence = licences.name)',
    );
  }

  async bind(media: MediaId, needs: readonly LicenceNeed[]): Promise<void> {
    await touch(this.#session, 'delete from media_licences where media_id = ?', [media]);
    if (needs.length === 0) return;
    await touch(
      this.#session,
      `insert into media_licences (media_id, licence, amount)
       select ?, licence, amount from unnest(?::text[], ?::bigint[]) as needed (licence, amount)`,
      [media, needs.map(({ licence }) => licence), needs.map(({ amount }) => amount)],
    );
  }

  async inherit(media: MediaId, from: MediaId): Promise<void> {
    await touch(
      this.#session,
      `insert into media_licences (media_id, licence, amount) select ?, licence, amount from media_licences where media_id = ?
       on conflict (media_id, licence) do nothing`,
      [media, from],
    );
  }

  async neededBy(media: readonly MediaId[]): Promise<ReadonlyMap<MediaId, readonly BoundLicence[]>> {
    const found = await rows<LicenceRow & { media_id: string; amount: string }>(
      this.#session,
      `select media_id, amount, ${COLUMNS} from media_licences join licences on licences.name = licence
       where media_id = any(?::uuid[]) order by media_id, name`,
      [media],
    );
    const needed = new Map<MediaId, BoundLicence[]>();
    for (const row of found) {
      const id = row.media_id as MediaId;
      const bound = { licence: licenceFrom(row), amount: Number(row.amount) };
      needed.set(id, [...(needed.get(id) ?? []), bound]);
    }
    return needed;
  }
}

function licenceFrom(row: LicenceRow): Licence {
  return {
    name: row.name,
    number: Number(row.number),
    longName: row.long_name,
    type: row.type,
    burstable: row.burstable,
    userMetric: row.user_metric,
  };
}
