import { createRequire } from 'node:module';
import { Resvg } from '@resvg/resvg-js';

/** Shipped: without a font file text is left out without a word, and few servers have fonts. */
const font = createRequire(import.meta.url).resolve(
  '@expo-google-fonts/inter/400Regular/Inter_400Regular.ttf',
);

/** @param svg with text in `Inter` */
export function pngOf(svg: string): Uint8Array {
  const drawing = new Resvg(svg, {
    font: { loadSystemFonts: false, fontFiles: [font], defaultFontFamily: 'Inter' },
    fitTo: { mode: 'zoom', value: 2 },
    background: 'white',
  });
  return drawing.render().asPng();
}
