import { ActionIcon, Code, Group, Tooltip } from '@mantine/core';
import { Check, Copy } from 'lucide-react';
import { useRef, useState, type ReactElement } from 'react';
import { ITEM_TEXTS } from '../texts/item-texts.ts';

type State = 'idle' | 'copied' | 'selected';
const LABELS = {
  idle: ITEM_TEXTS.copy,
  copied: ITEM_TEXTS.copied,
  selected: ITEM_TEXTS.copyByHand,
} as const satisfies Record<State, string>;

/**
 * A text to be copied. Pages without TLS have no access to the clipboard: there the button selects
 * the text.
 */
export function CopyText({ text, label }: { readonly text: string; readonly label: string }): ReactElement {
  const code = useRef<HTMLElement>(null);
  const [state, setState] = useState<State>('idle');
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(text);
      setState('copied');
    } catch {
      if (code.current !== null) getSelection()?.selectAllChildren(code.current);
      setState('selected');
    }
  };
  return (
    <Group gap={6} wrap="nowrap" align="flex-start">
      <Code ref={code} className="copy-text">
        {text}
      </Code>
      <Tooltip label={LABELS[state]}>
        <ActionIcon
          variant="subtle"
          color="gray"
          size="sm"
          aria-label={`${LABELS[state]}: ${label}`}
          onClick={() => void copy()}
          onBlur={() => {
            setState('idle');
          }}
        >
          {state === 'copied' ? <Check size={14} aria-hidden /> : <Copy size={14} aria-hidden />}
        </ActionIcon>
      </Tooltip>
    </Group>
  );
}
