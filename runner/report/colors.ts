/** Colours that pages and charts share; each reads well on its background (contrast ≥ 4.5 for text). */

const light = {
  background: '#ffffff',
  surface: '#f6f8fa',
  line: '#d0d7de',
  text: '#1f2328',
  faint: '#59636e',
  first: '#2f6fb7',
  second: '#d9822b',
  red: '#cf3f3f',
  green: '#2f8f4e',
  blue: '#2f6fb7',
  alarm: '#b3261e',
  series1: '#2f6fb7',
  series2: '#b8590a',
  series3: '#2a7d45',
  series4: '#8250df',
  series5: '#c0392b',
  series6: '#0e7c86',
};

const dark: typeof light = {
  background: '#0d1117',
  surface: '#161b22',
  line: '#30363d',
  text: '#e6edf3',
  faint: '#9aa5b1',
  first: '#6cb0f5',
  second: '#f0a95b',
  red: '#f47272',
  green: '#5cc17c',
  blue: '#6cb0f5',
  alarm: '#ff8a80',
  series1: '#6cb0f5',
  series2: '#f0a95b',
  series3: '#5cc17c',
  series4: '#c297ff',
  series5: '#f47272',
  series6: '#4fc3cf',
};

export type Color = keyof typeof light;

const variables = (colors: typeof light) =>
  Object.entries(colors)
    .map(([name, value]) => `--${name}:${value}`)
    .join(';');

/** Custom properties of all colours, for `selector`, in light and dark. */
export const colorVariables = (selector: string): string =>
  `${selector}{color-scheme:light dark;${variables(light)}}@media(prefers-color-scheme:dark){${selector}{${variables(dark)}}}`;

/** Of things that are compared, in this order; so many can be told apart. */
export const seriesColors = [
  'series1',
  'series2',
  'series3',
  'series4',
  'series5',
  'series6',
] as const satisfies readonly Color[];

export const css = (color: Color): string => `var(--${color})`;
