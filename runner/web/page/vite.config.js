import { fileURLToPath } from 'node:url';

const from = path => fileURLToPath(new URL(path, import.meta.url));

// One script and one style sheet beside the compiled server; nothing is loaded from elsewhere.
export default {
  root: from('./'),
  base: '/',
  logLevel: 'warn',
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    outDir: from('../../../dist/runner/web/page'),
    emptyOutDir: true,
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: false,
  },
};
