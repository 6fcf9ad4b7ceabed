import type { ViewedJob } from '../../../../application/jobs/view-job.ts';
import type { Projectable } from '../fields.ts';
import { momentWire, uriOf } from '../wire.ts';

/** What each kind of job is called. */
const OPERATION: Readonly<Record<ViewedJob['operation'], string>> = { clone: 'drive_clone' };

/** A job (dumps/response_jobs_drive_clone.http). */
export function jobWire({ id, operation, state, source, target, progress, created, modified }: ViewedJob): Projectable {
  return {
    children: [],
    created: momentWire(created),
    data: { progress },
    last_modified: momentWire(modified),
    operation: OPERATION[operation],
    resource_uri: uriOf('jobs', id),
    resources: [uriOf('drives', source), uriOf('drives', target)],
    state,
    uuid: id,
  };
}
