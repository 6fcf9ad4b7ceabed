import { createTheme, type CSSVariablesResolver, type MantineColorsTuple } from '@mantine/core';
import { TEXTS } from './texts.ts';

/** From light to dark; white text on the seventh and darker has a contrast of at least 4.5 : 1. */
const PETROL: MantineColorsTuple = [
  '#e8f6f9',
  '#d3e9ee',
  '#a6d3dd',
  '#75bccb',
  '#50a8bc',
  '#389cb3',
  '#147a90',
  '#0c7489',
  '#035f71',
  '#00505f',
];

export const THEME = createTheme({
  primaryColor: 'petrol',
  colors: { petrol: PETROL },
  primaryShade: { light: 7, dark: 6 },
  defaultRadius: 'md',
  respectReducedMotion: true,
  autoContrast: true,
  // Where white text has a contrast of less than 4.5 : 1, it is black.
  luminanceThreshold: 0.18,
  components: {
    Notification: { defaultProps: { closeButtonProps: { 'aria-label': TEXTS.close } } },
  },
  cursorType: 'pointer',
});

/** Muted text with a contrast of at least 4.5 : 1 on every background of the pages. */
export const MUTED_TEXT: CSSVariablesResolver = () => ({
  variables: {},
  light: { '--mantine-color-dimmed': '#5a626b', '--mantine-color-placeholder': '#5a626b' },
  dark: { '--mantine-color-dimmed': '#a9adb3', '--mantine-color-placeholder': '#a9adb3' },
});
