import type { Migration } from '../migration.ts';

/** Tables and columns whose comments left open who or what they speak of. */
const COMMENTS: Readonly<Record<string, string>> = {
  'table pools': 'Every pool that was ever configured, with its usage',
  'table assignments': 'The rights of a group on a pool; not inherited. The quota of an assignment is in usage',
  'table usage': 'The usage of a group and all groups below it on a pool, with its limit; created when first needed',
  'table media': 'Media items. A row exists before the bytes do, and until they are deleted',
  'table media_labels': 'The names and texts that users give to items; an item without a row has its own name',
  'table licences': 'Licences of library drives, as the operator declares them',
  'table jobs': 'Work that outlives its request. The process that performs a job holds the lease on its target',
  'table servers': 'Definitions of servers, which items are attached to. Platter runs none of them',
  'table audit_entries':
    'Audit events, with the names of that time. Refers to no other table, so that entries outlive their subjects',
  'view library_holds': 'The uses that keep withdrawn library drives, one row each. A new kind of use is added here',
  'column authkeys.user_id': 'The user that it authenticates',
  'column assignments.group_id': 'The group that has the rights',
  'column usage.group_id': 'The group whose usage it is',
  'column media.readonly': 'Whether the item is read-only',
  'column media.format': 'The detected image format; null until all bytes have arrived',
  'column media.settled_at':
    'When the purge may end, because no request of a dead writer can arrive any more; null if none was possible',
  'column media.state':
    'creating, uploading or cloning, then ready, with resizing in between, then removing; parting while it holds the private copy of an unshare, then removing',
  'column media.place':
    'The number of the location of its blob; the foreign key keeps both equal, so that a locked row shows the current one',
  'column media.abandoned': 'Whether it is being removed because the lease of its writer expired',
  'column blobs.fingerprint': 'Changes when the bytes are written in place; null if they cannot be',
  'column blobs.damage': 'The damage that the last scrub found',
  'column blobs.place': 'The number of the location, among those of its pool, where it lies',
  'column pools.place': 'The number of the location that new bytes go to',
  'column users.clone_naming': 'The rule for names of clones that are created without a name',
  'column users.origin':
    'The UUID of the user, created by an operator, at the start of the chain of users that created this one; null for users that an operator created',
  'column media_labels.label': 'The name that users see; not unique',
  'column media_labels.written_by':
    'The UUID of the user that wrote it last, for which it counts; may not exist any more. Existing rows name the creator of the item. Null from an older version during an upgrade: it counts for no user until it is written again',
  'column licences.name': 'The name by which items refer to it',
  'column licences.burstable': 'Whether more may be used than was bought',
  'column licences.user_metric': 'The unit in which its use is counted',
  'column library_drives.key':
    'Identifies it when it is declared again: its id if the operator gave one, else its name',
  'column library_drives.description': 'Its description',
  'column library_drives.category': 'Its purposes, in the order of the operator',
  'column library_drives.install_notes': 'Notes for its users',
  'column library_drives.default_user': 'The account of the installed system',
  'column library_drives.meta': 'Other texts of the operator, by name',
  'column jobs.operation': 'clone, or part: unshare, which gives the source a blob of its own',
  'column jobs.owner': 'The UUID of the user that asked for it; no other user sees it',
  'column jobs.source_media': 'The item that is read; it may not exist any more',
  'column jobs.target_media': 'The item that is created; it may not exist any more',
  'column jobs.due_at': 'No process begins it before',
  'column jobs.failure': 'The code of its last failure, for the operator',
  'column jobs.tenant':
    'The tenant whose share of the copies it takes: the child of group 0 above the home group of its owner, 0 for group 0 itself, -1 without a home group',
  'column servers.owner': 'The user that created it; no other user sees it, and it is deleted with that user',
  'column servers.name': 'The name that its owner chose; not unique',
  'column servers.kept': 'Other fields of the definition, returned as they were sent',
  'column tags.owner': 'The user that created it; no other user sees it, and it is deleted with that user',
  'column tags.name': 'The name that its owner chose; not unique',
  'column attachments.device': 'The kind of controller that a guest sees',
  'column attachments.media_id': 'The item. A transaction that attaches it has locked it',
  'column audit_entries.action': 'The action, such as media.upload',
  'column audit_entries.address': 'The address of the client, as far as it can be trusted',
  'column audit_entries.actor_id': 'The user that acted; null for the program itself, and for unknown users',
  'column audit_entries.actor_name': 'The name of that user; of an unknown user, the name that was sent',
  'column audit_entries.group_id': 'The group that was changed, or that owned the item',
  'column audit_entries.details': 'Further facts of the event; never a secret',
};

/** Comments that name who and what they speak of. */
export const comments: Migration = {
  name: '0034-comments',
  up: Object.entries(COMMENTS).map(([subject, text]) => `comment on ${subject} is '${text}'`),
  // The former comments said the same.
  down: [],
};
