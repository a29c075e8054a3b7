/** Colours and sizes, said once. Each pair of text and ground passes WCAG AA in both themes. */
import { createTheme, DEFAULT_THEME, type CSSVariablesResolver, type MantineColorsTuple } from '@mantine/core';
import { texts } from './texts.js';

/** Deep water: calm beside the rings, which carry the meaning. */
const water: MantineColorsTuple = ['#eef6f7', '#dcebed', '#b7d6db', '#8fc0c8', '#6caeb9', '#54a1ad', '#4497a4', '#2f818e', '#1f6b77', '#14525d'];
/** Cool grounds for the dark theme. */
const dark: MantineColorsTuple = ['#d3d9dd', '#b9c1c7', '#98a3ab', '#6f7b84', '#3d4850', '#2f3940', '#242d33', '#1b2328', '#151c20', '#0f1518'];

/** White is readable on what a button is filled with in the dark, too. */
const red = DEFAULT_THEME.colors.red.map((shade, at) => (at === 7 || at === 8 ? '#c92a2a' : shade)) as unknown as MantineColorsTuple;

export const theme = createTheme({
  primaryColor: 'water',
  colors: { water, dark, red },
  primaryShade: { light: 8, dark: 7 },
  fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif',
  defaultRadius: 'md',
  cursorType: 'pointer',
  focusRing: 'auto',
  respectReducedMotion: true,
  // Mantine gives the cross of a notification no name.
  components: { Notification: { defaultProps: { closeButtonProps: { 'aria-label': texts.t('keys.close') } } } },
  headings: { fontWeight: '650', sizes: { h1: { fontSize: '1.5rem', lineHeight: '1.25' }, h2: { fontSize: '1.15rem', lineHeight: '1.3' }, h3: { fontSize: '1rem', lineHeight: '1.4' } } },
});

/** What Mantine's own greys, links and errors lack in contrast; and the colours of ring states, which always stand beside a shape. */
export const variables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-body': '#ffffff',
    '--mantine-color-dimmed': '#52606a',
    '--mantine-color-placeholder': '#5c6973',
    '--mantine-color-anchor': '#17606c',
    '--mantine-color-error': '#b4232a',
    '--five-ground': '#f5f8f9',
    '--five-line': '#d8e0e4',
    '--five-lit': '#1f6b77',
    '--five-at-risk': '#a85b00',
    '--five-out': '#b4232a',
    '--five-unlit': '#687680',
  },
  dark: {
    '--mantine-color-body': '#151c20',
    '--mantine-color-dimmed': '#a9b4bb',
    '--mantine-color-placeholder': '#9aa6ae',
    '--mantine-color-anchor': '#8fc0c8',
    '--mantine-color-error': '#ff9c97',
    '--five-ground': '#0f1518',
    '--five-line': '#2f3940',
    '--five-lit': '#6caeb9',
    '--five-at-risk': '#f0a94a',
    '--five-out': '#ff8f89',
    '--five-unlit': '#8d99a1',
  },
});
