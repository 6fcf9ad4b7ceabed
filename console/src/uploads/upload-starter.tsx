import { Button, Center, Overlay, Text } from '@mantine/core';
import { useDisclosure, useHotkeys, useWindowEvent } from '@mantine/hooks';
import { Upload } from 'lucide-react';
import { lazy, Suspense, useState, type ReactElement } from 'react';
import { TEXTS } from '../texts.ts';

const UploadDialog = lazy(async () => ({ default: (await import('./upload-dialog.tsx')).UploadDialog }));

/** The button that begins an upload, the key `u`, and the whole page as a place to drop files. */
export function UploadStarter(): ReactElement {
  const [isOpen, dialog] = useDisclosure(false);
  const [isOver, setOver] = useState(false);
  const [files, setFiles] = useState<readonly File[]>([]);
  const open = (dropped: readonly File[]): void => {
    setFiles(dropped);
    dialog.open();
  };
  useHotkeys([
    [
      'u',
      () => {
        open([]);
      },
    ],
  ]);
  useWindowEvent('dragover', (event) => {
    if (event.dataTransfer?.types.includes('Files') !== true) return;
    event.preventDefault();
    setOver(true);
  });
  useWindowEvent('dragleave', ({ relatedTarget }) => {
    if (relatedTarget === null) setOver(false);
  });
  useWindowEvent('drop', (event) => {
    event.preventDefault();
    setOver(false);
    open([...(event.dataTransfer?.files ?? [])]);
  });
  return (
    <>
      <Button
        size="xs"
        leftSection={<Upload size={14} aria-hidden />}
        onClick={() => {
          open([]);
        }}
      >
        {TEXTS.uploads.open}
      </Button>
      {isOver && (
        <Overlay fixed blur={2} zIndex={300}>
          <Center h="100%">
            <Text c="white" fw={700} size="xl">
              {TEXTS.uploads.drop}
            </Text>
          </Center>
        </Overlay>
      )}
      {isOpen && (
        <Suspense>
          <UploadDialog files={files} onClose={dialog.close} />
        </Suspense>
      )}
    </>
  );
}
