/** The page as it was built: HTML that names its files by their hashes, and those. */
import { readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { Hono } from 'hono';
import { globSync } from 'tinyglobby';

/** Beside the compiled server. */
const pageFolder = fileURLToPath(new URL('../../page/', import.meta.url));

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

export function pageRoutes(folder = pageFolder): Hono {
  const app = new Hono();
  const files = new Map(
    globSync(['index.html', 'assets/*'], { cwd: folder }).map(name => {
      const content = readFileSync(join(folder, name));
      return [`/${name}`, { content, packed: gzipSync(content), type: types[extname(name)] }];
    }),
  );

  app.get('*', context => {
    // What the page shows is in its address: any of them is the page.
    const isAsset = context.req.path.startsWith('/assets/');
    const file = files.get(isAsset ? context.req.path : '/index.html');
    if (file === undefined)
      return isAsset
        ? context.notFound()
        : context.text('the page isn’t built: `npm run build` makes it; /api/grids is there\n', 503);
    const takesGzip = /\bgzip\b/.test(context.req.header('accept-encoding') ?? '');
    context.header('Content-Type', file.type ?? 'application/octet-stream');
    context.header('Cache-Control', isAsset ? 'public, max-age=31536000, immutable' : 'no-cache');
    context.header('Vary', 'Accept-Encoding');
    if (takesGzip) context.header('Content-Encoding', 'gzip');
    return context.body(new Uint8Array(takesGzip ? file.packed : file.content));
  });
  return app;
}
