// Writes the images of examples/library.yaml: tiny, valid, and with the same bytes each time.
import { Buffer } from 'node:buffer';
import { mkdir, writeFile } from 'node:fs/promises';

const SECTOR = 2048;
const ROOT_SECTOR = 20;

/** Returns an ISO 9660 volume (ECMA-119) with one text file, README.TXT, in its root directory. */
function opticalVolume(label, text) {
  const volume = Buffer.alloc((ROOT_SECTOR + 2) * SECTOR);
  const sector = (at) => volume.subarray(at * SECTOR, (at + 1) * SECTOR);
  describe(sector(16), label);
  sector(17).write('\xffCD001\x01', 'latin1');
  // The path table in both byte orders; its only entry is the root.
  const [little, big] = [sector(18), sector(19)];
  for (const table of [little, big]) table.writeUInt8(1, 0);
  little.writeUInt32LE(ROOT_SECTOR, 2);
  little.writeUInt16LE(1, 6);
  big.writeUInt32BE(ROOT_SECTOR, 2);
  big.writeUInt16BE(1, 6);

  const root = sector(ROOT_SECTOR);
  record(root, 0, { sector: ROOT_SECTOR, length: SECTOR, name: '\0', isFolder: true });
  record(root, 34, { sector: ROOT_SECTOR, length: SECTOR, name: '\x01', isFolder: true });
  record(root, 68, { sector: ROOT_SECTOR + 1, length: text.length, name: 'README.TXT;1', isFolder: false });
  sector(ROOT_SECTOR + 1).write(text, 'latin1');
  return volume;
}

/** Writes the primary volume descriptor. */
function describe(descriptor, label) {
  descriptor.write('\x01CD001\x01', 'latin1');
  descriptor.fill(' ', 8, 72);
  descriptor.write(label.padEnd(32), 40, 'latin1');
  both32(descriptor, 80, ROOT_SECTOR + 2);
  both16(descriptor, 120, 1);
  both16(descriptor, 124, 1);
  both16(descriptor, 128, SECTOR);
  both32(descriptor, 132, 10);
  descriptor.writeUInt32LE(18, 140);
  descriptor.writeUInt32BE(19, 148);
  record(descriptor, 156, { sector: ROOT_SECTOR, length: SECTOR, name: '\0', isFolder: true });
  descriptor.fill(' ', 190, 813);
  for (const at of [813, 830, 847, 864]) descriptor.write('0'.repeat(16), at, 'latin1');
  descriptor.writeUInt8(1, 881);
}

/** Writes a directory record. */
function record(folder, at, { sector, length, name, isFolder }) {
  folder.writeUInt8(33 + name.length + ((name.length + 1) % 2), at);
  both32(folder, at + 2, sector);
  both32(folder, at + 10, length);
  // 1 January 2026.
  folder.set([126, 1, 1, 0, 0, 0, 0], at + 18);
  folder.writeUInt8(isFolder ? 2 : 0, at + 25);
  both16(folder, at + 28, 1);
  folder.writeUInt8(name.length, at + 32);
  folder.write(name, at + 33, 'latin1');
}

function both16(target, at, value) {
  target.writeUInt16LE(value, at);
  target.writeUInt16BE(value, at + 2);
}

function both32(target, at, value) {
  target.writeUInt32LE(value, at);
  target.writeUInt32BE(value, at + 4);
}

/** Returns a disk of 1 MiB with one partition that contains a text. */
function disk(text) {
  const image = Buffer.alloc(1024 * 1024);
  image.writeUInt8(0x80, 446);
  image.writeUInt8(0x83, 450);
  image.writeUInt32LE(64, 454);
  image.writeUInt32LE(image.length / 512 - 64, 458);
  image.writeUInt16LE(0xaa55, 510);
  image.write(text, 64 * 512, 'latin1');
  return image;
}

const folder = new URL('images/', import.meta.url);
const images = {
  'harbour-3.1-install.iso': opticalVolume('HARBOUR_3_1', 'Harbour Linux 3.1 would be installed from here.\n'),
  'paravirtual-drivers.iso': opticalVolume('PVDRIVERS', 'Drivers for paravirtual disks and networks would be here.\n'),
  'harbour-3.1-server.img': disk('Harbour Linux 3.1 Server would start from here.\n'),
  'ledger-5.img': disk('Ledger 5 on Harbour Linux would start from here.\n'),
};

await mkdir(folder, { recursive: true });
for (const [name, bytes] of Object.entries(images)) await writeFile(new URL(name, folder), bytes);
