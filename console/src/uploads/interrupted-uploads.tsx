import { Alert, Button, FileButton, Group, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useQuery } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import { api, bodyOf } from '../api/api.ts';
import { useSession } from '../session/session.ts';
import { TEXTS } from '../texts.ts';
import { isSameFile, keptMark, markOf } from './file-mark.ts';
import { continueUpload, useUploads } from './upload-list.ts';

interface OpenUpload {
  readonly id: string;
  readonly name: string;
  readonly size: number;
  readonly offset: number;
}

/**
 * Offers the open uploads of the user that this browser began and that no page sends: after a
 * reload, the file has to be chosen again, and must be the same.
 */
export function InterruptedUploads(): ReactElement | null {
  const { id: user } = useSession();
  const running = new Set(useUploads().map(({ media }) => media));
  const { data } = useQuery({
    queryKey: ['uploads', 'interrupted'],
    queryFn: async ({ signal }) => (await bodyOf(api.GET('/v1/uploads', { signal }))).items,
    staleTime: Infinity,
  });
  const interrupted = (data ?? []).filter(
    ({ id, state, created_by: creator }) =>
      state === 'open' && creator?.id === user && keptMark(id) !== null && !running.has(id),
  );
  if (interrupted.length === 0) return null;
  return (
    <>
      {interrupted.map((upload) => (
        <Alert key={upload.id} color="yellow" title={TEXTS.uploads.interrupted(upload.name, percentOf(upload))}>
          <Group justify="space-between">
            <Text size="sm">{TEXTS.uploads.chooseAgain(upload.name)}</Text>
            <FileButton onChange={(file) => void choose(upload, file)}>
              {(props) => (
                <Button {...props} size="xs" variant="default">
                  {TEXTS.uploads.choose}
                </Button>
              )}
            </FileButton>
          </Group>
        </Alert>
      ))}
    </>
  );
}

async function choose(upload: OpenUpload, file: File | null): Promise<void> {
  if (file === null) return;
  const kept = keptMark(upload.id);
  if (kept === null || !isSameFile(kept, await markOf(file))) {
    notifications.show({ color: 'red', message: TEXTS.uploads.otherFile(upload.name) });
    return;
  }
  continueUpload(file, upload);
}

function percentOf({ offset, size }: OpenUpload): string {
  return new Intl.NumberFormat(undefined, { style: 'percent' }).format(size === 0 ? 0 : offset / size);
}
