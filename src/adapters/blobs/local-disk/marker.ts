import { access, chmod, constants, mkdir, open, rename, rm } from 'node:fs/promises';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { MarkerState, LocationOwner } from '../../../application/ports/blob-store.ts';
import { adviceOn, isSameOwner, MARKER, nameOwner, readOwner, markerStateOf, writeOwner } from '../shared/owner.ts';
import { syncFolder } from '../../shared/sync-folder.ts';
import { renameDurably } from './rename-durably.ts';
import { systemCode } from './failures.ts';
import { openRegular } from './regular-file.ts';

/**
 * Modes of a folder and marker created here: for the owner, and the group of the hypervisors on the
 * same host.
 */
const FOLDER_MODE = 0o750;
const MARKER_MODE = 0o640;

/**
 * Claims the folder for `owner`. Writes its marker if there is none and the database has no media
 * in the location, and checks that a commit works there.
 *
 * @throws an Error for the operator
 */
export async function claimFolder(folder: string, owner: LocationOwner, holdsMedia: boolean): Promise<void> {
  try {
    if ((await mkdir(folder, { recursive: true, mode: FOLDER_MODE })) !== undefined) await chmod(folder, FOLDER_MODE);
    await requireOwner(folder, owner, holdsMedia);
    await tryToCommit(folder);
  } catch (error) {
    throw systemCode(error) === null ? error : explain(folder, error as NodeJS.ErrnoException);
  }
}

/** Rejects unless the folder exists, has the owner's marker and is writable. */
export async function requireFolder(folder: string, owner: LocationOwner): Promise<void> {
  await requireMarker(folder, owner);
  await access(folder, constants.R_OK | constants.W_OK | constants.X_OK);
}

/**
 * Rejects unless the folder exists and has the owner's marker. Only then is a file that is not in
 * it really missing.
 */
export async function requireMarker(folder: string, owner: LocationOwner): Promise<void> {
  const found = await readMarker(folder);
  if (found === null || !isSameOwner(found, owner))
    throw new Error(
      `the marker of the pool (${MARKER}) is missing in ${folder}: mount the filesystem that belongs there, or restore the marker`,
    );
}

async function requireOwner(folder: string, owner: LocationOwner, holdsMedia: boolean): Promise<void> {
  const found = await readMarker(folder);
  if (found !== null) {
    if (isSameOwner(found, owner)) return;
    throw new Error(`the folder ${folder} belongs to ${nameOwner(found, owner)}: ${adviceOn(found, owner, OTHERS)}`);
  }
  if (holdsMedia) {
    throw new Error(
      `the folder ${folder} has no marker (${MARKER}) although the pool holds media: mount what belongs there, or correct its path in the pools file`,
    );
  }
  await writeMarker(folder, owner);
}

/**
 * Returns the state of the marker for `owner`.
 *
 * @throws the error of the filesystem when the folder is missing or cannot be read
 */
export async function readMarkerState(folder: string, owner: LocationOwner): Promise<MarkerState> {
  await access(folder, constants.R_OK | constants.X_OK);
  return markerStateOf(await markerText(folder), owner);
}

async function readMarker(folder: string): Promise<LocationOwner | null> {
  const text = await markerText(folder);
  return text === null ? null : readOwner(text, join(folder, MARKER));
}

async function markerText(folder: string): Promise<string | null> {
  try {
    const file = await openRegular(join(folder, MARKER), 'read');
    try {
      return await file.readFile('utf8');
    } finally {
      await file.close();
    }
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return null;
    throw error;
  }
}

async function writeMarker(folder: string, owner: LocationOwner): Promise<void> {
  await writeWhole(join(folder, MARKER), writeOwner(owner), folder);
}

async function writeWhole(target: string, text: string, folder: string): Promise<void> {
  const draft = join(folder, `.draft-${randomUUID()}`);
  try {
    const file = await open(draft, 'wx', MARKER_MODE);
    try {
      await file.chmod(MARKER_MODE);
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await renameDurably(draft, target);
  } finally {
    await rm(draft, { force: true });
  }
}

/**
 * Takes the same steps as a commit, so that an unsuitable folder is found at start and not by the
 * first upload.
 */
async function tryToCommit(folder: string): Promise<void> {
  const draft = join(folder, `.draft-${randomUUID()}`);
  const renamed = `${draft}-renamed`;
  try {
    await (await open(draft, 'wx')).close();
    await rename(draft, renamed);
    await syncFolder(folder);
  } finally {
    await rm(draft, { force: true });
    await rm(renamed, { force: true });
  }
}

const OTHERS = `give the pool its own folder, or remove ${MARKER} there if you are certain that nothing else uses it`;
const NO_FOLDER = 'something on its path is not a folder: correct the path in the pools file';

const ADVICE: Readonly<Record<string, string>> = {
  EACCES: 'let the user that Platter runs as read and write it',
  EPERM: 'let the user that Platter runs as read and write it',
  EROFS: 'it is mounted read-only: mount it for writing',
  ENOSPC: 'its filesystem is full: make room',
  ENOTDIR: NO_FOLDER,
  EEXIST: NO_FOLDER,
  EXDEV: 'files in it cannot be renamed without crossing filesystems: give the pool a folder on one filesystem',
};

function explain(folder: string, error: NodeJS.ErrnoException): Error {
  const advice = ADVICE[error.code ?? ''] ?? 'make sure that the folder exists and Platter may write to it';
  return new Error(`the folder ${folder} cannot be used (${error.code ?? error.message}): ${advice}`, { cause: error });
}
