import { z } from 'zod';
import type { CreateServersFailure } from '../../../../application/servers/create-servers.ts';
import type { EditServerFailure } from '../../../../application/servers/edit-server.ts';
import type { RemoveServerFailure } from '../../../../application/servers/remove-server.ts';
import type { ViewServerFailure } from '../../../../application/servers/view-server.ts';
import { jsonAnswer } from '../../shared/openapi/description.ts';
import { allOf, NO_CONTENT, jsonBody, ok, type CloudsigmaCall, type DescribedResource } from '../openapi/call.ts';
import { actionParameter, choice, fieldsParameter, filter, listParameters, UUID } from '../openapi/parameters.ts';
import { objectsOf, oneOrMany, pageOf, resourceSchemaResponse } from '../openapi/shapes.ts';
import { briefServerResponse, serverResponse } from './openapi-shapes.ts';
import { ACTIONS, RECURSE } from './server.ts';
import { serverCreateRequest, serverUpdateRequest } from './server-fields.ts';

const list = {
  parameters: [...listParameters('uuid,name'), ...['name', 'tag', 'uuid'].map(filter)],
};

export const BRIEF_LIST: CloudsigmaCall = {
  ...list,
  summary: 'List servers',
  description: 'Answers six fields of each server, or the requested ones.',
  answers: ok('One page of them', pageOf(z.union([briefServerResponse.whole, serverResponse.projected]))),
};

export const FULL_LIST: CloudsigmaCall = {
  ...list,
  summary: 'List servers with all their fields',
  answers: ok('One page of them', pageOf(serverResponse.projected)),
};

const ATTACHED = [{ drive: { uuid: UUID.example }, device: 'virtio', dev_channel: '0:0', boot_order: 1 }];

const ATTACHING = {
  'name-invalid': true,
  'named-tag-not-found': true,
  'attachment-not-found': true,
  'media-published': true,
  'media-busy': true,
  'slots-invalid': true,
  'library-disk': true,
  'attached-elsewhere': true,
  'attached-twice': true,
  'not-writer': true,
  'definitions-too-large': true,
  'permission-missing': true,
} as const;

export const SERVERS: DescribedResource = {
  name: 'servers',
  description: 'Servers that drives are attached to. They never run.',
  calls: {
    'GET /servers/': BRIEF_LIST,
    'POST /servers/': {
      summary: 'Create servers',
      description: 'Creates one or several, all of them or none.',
      body: jsonBody(oneOrMany(serverCreateRequest), {
        one: { summary: 'One', value: { name: 'web', cpu: 1000, mem: 536_870_912, vnc_password: 'secret' } },
        attached: {
          summary: 'With a drive',
          value: {
            objects: [
              {
                name: 'db',
                cpu: '2000',
                mem: '1073741824',
                vnc_password: 'secret',
                drives: ATTACHED,
                meta: { role: 'db' },
              },
            ],
          },
        },
      }),
      answers: { 201: jsonAnswer('The servers', objectsOf(serverResponse)) },
      failures: allOf<CreateServersFailure>({ 'user-not-found': true, 'too-many-possessions': true, ...ATTACHING }),
    },
    'GET /servers/detail/': FULL_LIST,
    'GET /servers/schema/': {
      summary: 'Describe servers',
      parameters: [fieldsParameter('fields')],
      answers: ok('Their fields', resourceSchemaResponse.projected),
    },
    'GET /servers/{uuid}/': {
      summary: 'View a server',
      parameters: [UUID, fieldsParameter('name,drives')],
      answers: ok('The server', serverResponse.projected),
      failures: allOf<ViewServerFailure>({ 'server-not-found': true }),
    },
    'PUT /servers/{uuid}/': {
      summary: 'Change a server, attach drives and detach them',
      description:
        'Absent fields stay as they are; fields that cannot be changed are ignored. With `name`, `cpu`, `mem` and `vnc_password` and without `tags`, the tags of the caller are removed.',
      parameters: [UUID, fieldsParameter('drives')],
      body: jsonBody(serverUpdateRequest, {
        name: { summary: 'Another name', value: { name: 'old web' } },
        attach: { summary: 'Attach a drive', value: { drives: ATTACHED } },
        detach: { summary: 'Detach all drives', value: { drives: [] } },
      }),
      answers: ok('The server', serverResponse.projected),
      failures: allOf<EditServerFailure>({ 'server-not-found': true, ...ATTACHING }),
    },
    'DELETE /servers/{uuid}/': {
      summary: 'Delete a server',
      description: 'Its drives stay, unless `recurse` deletes them too. Library drives always stay.',
      parameters: [UUID, choice('recurse', 'The drives to delete with the server.', Object.keys(RECURSE))],
      answers: NO_CONTENT,
      failures: allOf<RemoveServerFailure>({
        'server-not-found': true,
        'media-not-found': true,
        'media-published': true,
        'media-busy': true,
        'permission-missing': true,
        'not-manager': true,
        'not-writer': true,
        'media-protected': true,
      }),
    },
    'POST /servers/{uuid}/action/': {
      summary: 'Start or stop a server: not implemented',
      description: 'This service stores media and runs no servers.',
      parameters: [UUID, actionParameter(Object.fromEntries([...ACTIONS].map((action) => [action, action])))],
      answers: {},
      failures: allOf<ViewServerFailure>({ 'server-not-found': true }),
      isNotImplemented: true,
    },
  },
};
