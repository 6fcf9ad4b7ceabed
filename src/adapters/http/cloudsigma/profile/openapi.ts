import { z } from 'zod';
import type { EditProfileFailure } from '../../../../application/access/edit-profile.ts';
import { allOf, jsonBody, ok, type DescribedResource } from '../openapi/call.ts';
import { fieldsParameter } from '../openapi/parameters.ts';
import { answeredShape, resourceSchemaResponse } from '../openapi/shapes.ts';
import { profileUpdateRequest } from './profile.ts';

const profileResponse = answeredShape('Profile', 'The caller. Fields that Platter does not use have neutral values.', {
  address: z.string(),
  api_https_only: z.boolean(),
  autotopup_amount: z.string(),
  autotopup_threshold: z.string(),
  bank_reference: z.string(),
  clone_naming: profileUpdateRequest.shape.clone_naming.unwrap(),
  company: z.string(),
  country: z.string(),
  currency: z.string(),
  email: z.string().meta({ description: 'The name of the user.' }),
  first_name: z.string(),
  has_autotopup: z.boolean(),
  has_tx_autotopup: z.boolean(),
  invoicing: z.boolean(),
  key_auth: z.boolean(),
  language: z.string(),
  last_name: z.string(),
  mailing_list: z.boolean(),
  meta: z.object({}),
  my_notes: z.string(),
  network_restrictions: z.null(),
  nickname: z.string(),
  phone: z.string(),
  postcode: z.string(),
  reseller: z.string(),
  signup_time: z.iso.datetime({ offset: true }),
  state: z.literal('REGULAR'),
  tax_name: z.null(),
  tax_rate: z.null(),
  title: z.string(),
  town: z.string(),
  tx_autotopup_amount: z.string(),
  tx_autotopup_threshold: z.string(),
  uuid: z.uuid(),
  vat: z.string(),
});

export const PROFILE: DescribedResource = {
  name: 'profile',
  description: 'The caller, and the default names of clones.',
  calls: {
    'GET /profile/': {
      summary: 'View the caller',
      parameters: [fieldsParameter('email,clone_naming')],
      answers: ok('The caller', profileResponse.projected),
    },
    'PUT /profile/': {
      summary: 'Change the caller',
      description: 'Absent fields stay as they are; fields that cannot be changed are ignored.',
      parameters: [fieldsParameter('clone_naming')],
      body: jsonBody(profileUpdateRequest, {
        naming: { summary: 'Number the clones', value: { clone_naming: 'COUNTER' } },
        names: { summary: 'A name', value: { first_name: 'Ada', last_name: 'Lovelace' } },
      }),
      answers: ok('The caller', profileResponse.projected),
      failures: allOf<EditProfileFailure>({ 'definitions-too-large': true }),
    },
    'GET /profile/schema/': {
      summary: 'Describe the profile',
      parameters: [fieldsParameter('fields')],
      answers: ok('Their fields', resourceSchemaResponse.projected),
    },
  },
};
