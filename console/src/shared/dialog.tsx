import { Modal, type ModalRootProps } from '@mantine/core';
import { useEffect, useState, type ReactElement, type ReactNode } from 'react';
import { TEXTS } from '../texts.ts';

interface Props extends Omit<ModalRootProps, 'title'> {
  readonly title: string;
  readonly children: ReactNode;
  /** False if the dialog cannot be left without an answer. */
  readonly canClose?: boolean;
}

/**
 * Returns the focus to where it was before the dialog, when the dialog is removed. Mantine does so
 * only for dialogs that stay in the document.
 */
function useFocusReturn(): void {
  const [before] = useState(() => document.activeElement);
  useEffect(
    () => () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    },
    [before],
  );
}

/** A dialog whose head is no second banner of the page for assistive technology. */
export function Dialog({ title, children, canClose = true, ...root }: Props): ReactElement {
  useFocusReturn();
  return (
    <Modal.Root {...root} closeOnEscape={canClose} closeOnClickOutside={canClose}>
      <Modal.Overlay />
      <Modal.Content>
        <Modal.Header component="div">
          <Modal.Title>{title}</Modal.Title>
          {canClose && <Modal.CloseButton aria-label={TEXTS.close} />}
        </Modal.Header>
        <Modal.Body>{children}</Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}
