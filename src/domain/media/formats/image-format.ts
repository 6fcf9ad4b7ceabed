/** The formats of images. `raw` is everything else, such as text and archives. */
export const IMAGE_FORMATS = [
  'raw',
  'iso',
  'qcow2',
  'vmdk',
  'vdi',
  'vhd',
  'vhdx',
  'qed',
  'parallels',
  'bochs',
  'luks',
  'gzip',
  'bzip2',
  'xz',
  'zstd',
] as const;

export type ImageFormat = (typeof IMAGE_FORMATS)[number];
