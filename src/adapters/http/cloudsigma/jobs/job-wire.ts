import type { JobView } from '../../../../application/jobs/view-job.ts';
import type { Projectable } from '../fields.ts';
import { momentWire, uriOf } from '../wire.ts';

/** The name of each operation: clients know only the first. */
const OPERATION: Readonly<Record<JobView['operation'], string>> = {
  clone: 'drive_clone',
  unshare: 'drive_clone',
  import: 'drive_import',
  move: 'drive_move',
};

/** Returns a job as the wire has it (tests/fixtures/cloudsigma/response_jobs_drive_clone.http). */
export function jobWire({ id, operation, state, source, target, progress, created, modified }: JobView): Projectable {
  return {
    children: [],
    created: momentWire(created),
    data: { progress },
    last_modified: momentWire(modified),
    operation: OPERATION[operation],
    resource_uri: uriOf('jobs', id),
    // What an unshared or moved drive copies is its own; what is imported comes from no drive.
    resources: (operation === 'clone' ? [source, target] : [source]).map((drive) => uriOf('drives', drive)),
    state,
    uuid: id,
  };
}
