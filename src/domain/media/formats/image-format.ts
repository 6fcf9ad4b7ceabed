/**
 * What an image can be found to be. `raw` is everything that is nothing else, text and archives
 * included.
 */
export type ImageFormat =
  | 'raw'
  | 'iso'
  | 'qcow2'
  | 'vmdk'
  | 'vdi'
  | 'vhd'
  | 'vhdx'
  | 'qed'
  | 'parallels'
  | 'bochs'
  | 'luks'
  | 'gzip'
  | 'bzip2'
  | 'xz'
  | 'zstd';
