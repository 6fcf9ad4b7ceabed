import { useSyncExternalStore } from 'react';
import { queryClient } from '../api/query-client.ts';
import { RunningUpload } from './running-upload.ts';
import type { UploadOrder, UploadTask } from './upload-task.ts';

const MAX_AT_ONCE = 2;

interface Entry {
  readonly running: RunningUpload;
  task: UploadTask;
}

const entries = new Map<string, Entry>();
const listeners = new Set<() => void>();
let current: readonly UploadTask[] = [];

/** The uploads of this page, which go on while the user looks at other pages. */
export function useUploads(): readonly UploadTask[] {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => current,
  );
}

/** Adds a file; it is sent when fewer than two others are. */
export function addUpload(file: File, order: UploadOrder): void {
  add(file, order, order.name);
}

/** Continues an upload that began before this page was loaded. */
export function continueUpload(file: File, upload: { readonly id: string; readonly name: string }): void {
  add(file, { url: `/uploads/${upload.id}` }, upload.name, upload.id);
}

export function pauseUpload(key: string): void {
  void entries.get(key)?.running.pause();
}

export function resumeUpload(key: string): void {
  entries.get(key)?.running.start();
}

/** Ends the upload and takes it off the list. */
export async function cancelUpload(key: string): Promise<void> {
  const entry = entries.get(key);
  dismissUpload(key);
  await entry?.running.cancel();
}

/** Takes a finished or failed upload off the list. */
export function dismissUpload(key: string): void {
  entries.delete(key);
  tell();
}

function add(
  file: File,
  order: UploadOrder | { readonly url: string },
  name: string,
  media: string | null = null,
): void {
  const key = crypto.getRandomValues(new Uint32Array(2)).join('-');
  const running = new RunningUpload(file, order, (changed) => {
    change(key, changed);
  });
  const task: UploadTask = { key, name, size: file.size, state: 'waiting', sent: 0, rate: null, failure: null, media };
  entries.set(key, { running, task });
  startWaiting();
  tell();
}

function change(key: string, changed: Partial<UploadTask>): void {
  const entry = entries.get(key);
  if (entry === undefined) return;
  entry.task = { ...entry.task, ...changed };
  if (changed.state === 'done') void queryClient.invalidateQueries();
  if (changed.state !== undefined && changed.state !== 'sending') startWaiting();
  tell();
}

function startWaiting(): void {
  const all = [...entries.values()];
  let free = MAX_AT_ONCE - all.filter(({ task }) => task.state === 'sending').length;
  for (const { task, running } of all) {
    if (free <= 0) return;
    if (task.state !== 'waiting') continue;
    running.start();
    free -= 1;
  }
}

function tell(): void {
  current = [...entries.values()].map(({ task }) => task);
  for (const listener of listeners) listener();
}
