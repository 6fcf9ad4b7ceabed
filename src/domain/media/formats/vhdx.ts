import { hasAt, partAt, sizeOf } from './fields.ts';
import type { FormatReader, Image, ImageContent, Span } from './image.ts';
import { currentHeader, HEADERS } from './vhdx-header.ts';
import { itemsOf, requireNoParent, TABLE_LENGTH, type Items } from './vhdx-metadata.ts';
import { metadataRegion, REGION_TABLES } from './vhdx-regions.ts';

/*
 * Microsoft's [MS-VHDX], “Virtual Hard Disk v2 (VHDX) File Format”. Little-endian. An
 * inspection reads small parts, one after the other: two headers, two region tables, the metadata
 * table that these name, the items that it names.
 */

/** A VHDX without a parent and with an empty log. */
export const vhdx: FormatReader = {
  format: 'vhdx',
  matches: ({ head }) => hasAt(head, 0, 'vhdxfile'),
  next: nextOf,
  read: readVhdx,
};

const FIXED_LOCATIONS: readonly Span[] = [...HEADERS, ...REGION_TABLES];

function nextOf(image: Image): Span | null {
  const fixed = FIXED_LOCATIONS[image.parts.length];
  if (fixed !== undefined) return fixed;
  currentHeader(image);
  const metadata = metadataRegion(image);
  if (image.parts.length === FIXED_LOCATIONS.length) return { at: metadata, length: TABLE_LENGTH };
  if (image.parts.length > FIXED_LOCATIONS.length + 1) return null;
  const { parameters, size } = itemsOf(image, metadata);
  const from = Math.min(parameters, size);
  return { at: from, length: Math.max(parameters, size) + ITEM_LENGTH - from };
}

const ITEM_LENGTH = 8;

function readVhdx(image: Image): ImageContent {
  currentHeader(image);
  const items: Items = itemsOf(image, metadataRegion(image));
  requireNoParent(partAt(image, items.parameters, ITEM_LENGTH, 'VHDX metadata'));
  const size = partAt(image, items.size, ITEM_LENGTH, 'VHDX metadata').getBigUint64(0, true);
  return { virtualSize: sizeOf(size), label: null };
}
