import type { ListedJob } from '../../domain/jobs/job-listing.ts';
import type { JobState } from '../../domain/jobs/job.ts';
import type { Viewer } from '../../domain/media/media-listing.ts';
import type { JobId } from '../../domain/shared/ids.ts';
import type { KeysetPage, KeysetTerms } from '../../domain/shared/keyset.ts';
import { momentOf } from './batches.ts';
import { KeysetList } from './keyset-list.ts';
import { operationFrom, PERSISTED, type PersistedOperation } from './persisted-names.ts';
import { firstRow } from './query.ts';
import type { Binding, Session } from './session.ts';

interface JobRow {
  readonly job: Omit<ListedJob, 'operation'> & { readonly operation: PersistedOperation };
}

/** SQL: the item that a job creates or changes. */
const subjectOf = (job: string): string =>
  `case when ${job}.operation in ('${PERSISTED.unshare}', 'move') then ${job}.source_media else ${job}.target_media end`;

/**
 * SQL: the jobs that a viewer sees: its own, and those of groups whose media it may list. A job is
 * of the group that its item is in now, or was in when the job was created. Its bindings:
 * `visibleBindings`.
 */
const VISIBLE = `jobs as visible left join media on media.id = ${subjectOf('visible')}
  left join groups on groups.id = coalesce(media.group_id, visible.group_id)`;
const IS_VISIBLE = `(?::bigint[] is null or groups.path && ?::bigint[]) and (
    owner = (select uuid from users where users.id = ?)
    or exists (
      select from grants
      where user_id = ? and permission = 'velocity.media.list' and grants.group_id = any(groups.path)
    )
  )`;

const visibleBindings = ({ id, reach }: Viewer): readonly Binding[] => [reach, reach, id, id];

/** As JSON, so that numbers are numbers. */
const JOB = `json_build_object(
    'id', visible.id, 'operation', operation, 'state', visible.state, 'source', visible.source_media, 'target', visible.target_media,
    'group', groups.id, 'copied', copied, 'total', total,
    'created', ${momentOf('visible.created_at')}, 'modified', ${momentOf('modified_at')}, 'failure', failure, 'failureDetail', failure_detail,
    'phase', (select phase from imports where job_id = visible.id),
    'owner', (select json_build_object('id', users.id, 'name', users.name) from users where users.uuid = visible.owner)
  ) as job`;

const PAGES = new KeysetList<'created'>({
  columns: JOB,
  from: VISIBLE,
  where: `${IS_VISIBLE} and (?::text is null or visible.state = ?)`,
  sorts: { created: { column: 'visible.created_at', type: 'timestamptz' } },
  id: { column: 'visible.id', type: 'uuid' },
});
const ONE = `select ${JOB} from ${VISIBLE} where ${IS_VISIBLE} and visible.id = ?`;

/** Returns a page of the jobs that a viewer sees. */
export async function pageOfJobs(
  session: Session,
  viewer: Viewer,
  state: JobState | null,
  terms: KeysetTerms<'created'>,
): Promise<KeysetPage<ListedJob>> {
  return PAGES.page(session, [...visibleBindings(viewer), state, state], terms, jobFrom);
}

/** Returns a job that a viewer sees; null if there is none. */
export async function findListedJob(session: Session, viewer: Viewer, id: JobId): Promise<ListedJob | null> {
  const row = await firstRow<JobRow>(session, ONE, [...visibleBindings(viewer), id]);
  return row === null ? null : jobFrom(row);
}

function jobFrom({ job: { operation, ...job } }: JobRow): ListedJob {
  return { ...job, operation: operationFrom(operation) };
}
