import { field, schemaOf, SHOWN } from '../schema-field.ts';
import { CLONE_NAMINGS } from './profile.ts';

const UNUSED = 'Not used here';

/** What `/profile/schema/` answers. */
export const PROFILE_SCHEMA = schemaOf(
  { detail: ['get', 'put'], list: ['get', 'put'] },
  {
    address: field('string', UNUSED, SHOWN),
    api_https_only: field('boolean', UNUSED, SHOWN),
    autotopup_amount: field('string', UNUSED, SHOWN),
    autotopup_threshold: field('string', UNUSED, SHOWN),
    bank_reference: field('string', UNUSED, SHOWN),
    clone_naming: field('string', 'How clones are named that come without a name', {
      choices: CLONE_NAMINGS,
      default: 'NONE',
    }),
    company: field('string', UNUSED, SHOWN),
    country: field('string', UNUSED, SHOWN),
    currency: field('string', UNUSED, SHOWN),
    email: field('string', 'The name of the user', SHOWN),
    first_name: field('string', 'The first name', { default: '' }),
    has_autotopup: field('boolean', UNUSED, SHOWN),
    has_tx_autotopup: field('boolean', UNUSED, SHOWN),
    invoicing: field('boolean', UNUSED, SHOWN),
    key_auth: field('boolean', UNUSED, SHOWN),
    language: field('string', UNUSED, SHOWN),
    last_name: field('string', 'The last name', { default: '' }),
    mailing_list: field('boolean', UNUSED, SHOWN),
    meta: field('dict', UNUSED, SHOWN),
    my_notes: field('string', UNUSED, SHOWN),
    network_restrictions: field('string', UNUSED, SHOWN),
    nickname: field('string', UNUSED, SHOWN),
    phone: field('string', UNUSED, SHOWN),
    postcode: field('string', UNUSED, SHOWN),
    reseller: field('string', UNUSED, SHOWN),
    signup_time: field('datetime', 'When the user was made', SHOWN),
    state: field('string', 'Always REGULAR', SHOWN),
    tax_name: field('string', UNUSED, SHOWN),
    tax_rate: field('string', UNUSED, SHOWN),
    title: field('string', UNUSED, SHOWN),
    town: field('string', UNUSED, SHOWN),
    tx_autotopup_amount: field('string', UNUSED, SHOWN),
    tx_autotopup_threshold: field('string', UNUSED, SHOWN),
    uuid: field('string', 'What the user is known by', SHOWN),
    vat: field('string', UNUSED, SHOWN),
  },
);
