import type { BrowseAuditFailure } from '../../../../application/audit/browse-audit.ts';
import { pageResponse } from '../list.ts';
import { queryParameters, taggedAnswers, type FailureSet, type NativeResource } from '../openapi/call.ts';
import { auditEntryResponse, auditQuery } from './audit.ts';

/** The audit in the document. */
export const AUDIT: NativeResource = {
  name: 'audit',
  description: 'What was done and what was refused.',
  calls: {
    'GET /audit': {
      summary: 'List audit events',
      description:
        'Newest first. Those by or about you; with `group`, those of a group on which you hold `velocity.group.view`; on the root group it shows all.',
      parameters: queryParameters(auditQuery.shape),
      answers: taggedAnswers('A page of the events', pageResponse(auditEntryResponse)),
      failures: { 'permission-missing': true, 'group-not-found': true } satisfies FailureSet<BrowseAuditFailure>,
      problems: ['precondition-failed'],
    },
  },
};
