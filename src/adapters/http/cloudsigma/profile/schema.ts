import { field, schemaOf, VISIBLE } from '../schema-field.ts';
import { CLONE_NAMINGS } from './profile.ts';

const UNUSED = 'Not used here';

/** What `/profile/schema/` answers. */
export const PROFILE_SCHEMA = schemaOf(
  { detail: ['get', 'put'], list: ['get', 'put'] },
  {
    address: field('string', UNUSED, VISIBLE),
    api_https_only: field('boolean', UNUSED, VISIBLE),
    autotopup_amount: field('string', UNUSED, VISIBLE),
    autotopup_threshold: field('string', UNUSED, VISIBLE),
    bank_reference: field('string', UNUSED, VISIBLE),
    clone_naming: field('string', 'How clones are named that come without a name', {
      choices: CLONE_NAMINGS,
      default: 'NONE',
    }),
    company: field('string', UNUSED, VISIBLE),
    country: field('string', UNUSED, VISIBLE),
    currency: field('string', UNUSED, VISIBLE),
    email: field('string', 'The name of the user', VISIBLE),
    first_name: field('string', 'The first name', { default: '' }),
    has_autotopup: field('boolean', UNUSED, VISIBLE),
    has_tx_autotopup: field('boolean', UNUSED, VISIBLE),
    invoicing: field('boolean', UNUSED, VISIBLE),
    key_auth: field('boolean', UNUSED, VISIBLE),
    language: field('string', UNUSED, VISIBLE),
    last_name: field('string', 'The last name', { default: '' }),
    mailing_list: field('boolean', UNUSED, VISIBLE),
    meta: field('dict', UNUSED, VISIBLE),
    my_notes: field('string', UNUSED, VISIBLE),
    network_restrictions: field('string', UNUSED, VISIBLE),
    nickname: field('string', UNUSED, VISIBLE),
    phone: field('string', UNUSED, VISIBLE),
    postcode: field('string', UNUSED, VISIBLE),
    reseller: field('string', UNUSED, VISIBLE),
    signup_time: field('datetime', 'When the user was made', VISIBLE),
    state: field('string', 'Always REGULAR', VISIBLE),
    tax_name: field('string', UNUSED, VISIBLE),
    tax_rate: field('string', UNUSED, VISIBLE),
    title: field('string', UNUSED, VISIBLE),
    town: field('string', UNUSED, VISIBLE),
    tx_autotopup_amount: field('string', UNUSED, VISIBLE),
    tx_autotopup_threshold: field('string', UNUSED, VISIBLE),
    uuid: field('string', 'What the user is known by', VISIBLE),
    vat: field('string', UNUSED, VISIBLE),
  },
);
