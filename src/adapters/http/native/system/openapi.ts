import type { ViewSystemFailure } from '../../../../application/maintenance/view-system.ts';
import { jsonAnswer } from '../../shared/openapi/description.ts';
import type { FailureSet, NativeResource } from '../openapi/call.ts';
import { systemResponse } from './system-wire.ts';

/** The installation as a whole in the document. */
export const SYSTEM: NativeResource = {
  name: 'system',
  description: 'The installation as a whole, for those who administer it.',
  calls: {
    'GET /system': {
      summary: 'Show the installation',
      description:
        'Needs `velocity.user.assign` on the root group, as root holds it. A value that is not known within seconds is null.',
      answers: { 200: jsonAnswer('The installation', systemResponse, ['Cache-Control']) },
      failures: { 'permission-missing': true } satisfies FailureSet<ViewSystemFailure>,
    },
  },
};
