import { kindBefore, type Upload } from '../../domain/uploads/upload.ts';
import { inspectItem, type InspectItemDependencies } from '../media/inspect-item.ts';
import type { Inspection } from '../media/inspection.ts';

/** Returns the inspection of an upload that outlives its requests; it has seen no bytes. */
export function inspectUpload(upload: Upload, dependencies: InspectItemDependencies): Inspection {
  const { pool, group, length: size } = upload;
  return inspectItem({ pool, group, size, readOnly: kindBefore(upload).readOnly }, dependencies);
}
