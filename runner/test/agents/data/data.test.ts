import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { dataFiles } from '../../../agents/data/data-files.js';
import { DataSource } from '../../../agents/data/data-source.js';
import { type DataOrigin, DataStore } from '../../../agents/data/data-store.js';
import { checkedManifest, dataHash } from '../../../agents/data/manifest.js';
import { fixtureSpec } from '../../fixtures/run-spec.js';

let folder: string;
let root: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'data-'));
  root = join(folder, 'root');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(path: string, content: string | Uint8Array = path) {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), content);
}
const spec = (more: object) => ({
  ...fixtureSpec({}).data,
  images: null,
  labels: null,
  validationLabels: null,
  root,
  ...more,
});

describe('the files of a data set', () => {
  it.each([
    ['mnist', { format: 'mnist' }, ['train-images-idx3-ubyte', 'train-labels.idx1-ubyte.gz']],
    [
      'folder',
      { format: 'folder' },
      ['a/1.png', 'b/2.png', 'other.csv', 'train-images-idx3-ubyte', 'train-labels.idx1-ubyte.gz'],
    ],
    ['a folder in it', { format: 'folder', images: './a' }, ['a/1.png']],
    [
      'csv',
      { format: 'csv', images: 'b', labels: 'other.csv', validationLabels: 'gone.csv' },
      ['b/2.png', 'other.csv'],
    ],
  ])('are those that the trainer reads: %s', (_, more, expected) => {
    for (const path of ['a/1.png', 'b/2.png', 'other.csv', '.git/config', 'a/.DS_Store']) write(path);
    for (const path of ['train-images-idx3-ubyte', 'train-labels.idx1-ubyte.gz']) write(path);
    expect(dataFiles(spec(more))).toEqual(expected);
  });

  it('are found through links that stay inside, and none outside', () => {
    write('a/1.png');
    writeFileSync(join(folder, 'secret'), '');
    symlinkSync('a', join(root, 'b'));
    symlinkSync('..', join(root, 'a/around'));
    symlinkSync('../secret', join(root, 'secret'));
    symlinkSync('nowhere', join(root, 'broken'));
    symlinkSync(root, join(folder, 'link'));
    for (const place of [root, join(folder, 'link')])
      expect(dataFiles(spec({ format: 'folder', root: place }))).toEqual(['a/1.png', 'b/1.png']);
  });
});

describe('data that goes out', () => {
  let source: DataSource;
  /** From where the content was asked for. */
  let asked: number[];
  /** The next answers break off after so many bytes. */
  let cuts: number[];
  const origin: DataOrigin = {
    manifest: async () => JSON.parse(JSON.stringify(source.manifest)),
    async content(_, from) {
      asked.push(from);
      return cutAfter(source.content(from), cuts.shift());
    },
  };
  async function* cutAfter(content: AsyncIterable<Uint8Array>, most = Number.POSITIVE_INFINITY) {
    let left = most;
    for await (const piece of content) {
      yield piece.subarray(0, left);
      left -= piece.length;
      if (left <= 0) throw new Error('the line is dead');
    }
  }
  const { signal } = new AbortController();
  const store = () => new DataStore(join(folder, 'store'));

  beforeEach(async () => {
    asked = [];
    cuts = [];
    write('empty');
    write('a/1', Buffer.alloc(200_000, 1));
    write('a/2', 'two');
    write('b/2', 'two');
    write('z');
    writeFileSync(join(root, 'z-empty'), '');
    source = await DataSource.of(spec({ format: 'folder' }));
  });

  const expectWhole = (place: string) => {
    for (const { path } of source.manifest.files)
      expect(readFileSync(join(place, path)).equals(readFileSync(join(root, path)))).toBe(true);
    expect(dataFiles(spec({ format: 'folder', root: place }))).toEqual(
      source.manifest.files.map(({ path }) => path),
    );
  };

  it('has a name that is the same wherever it lies, and another for another content', async () => {
    const copy = await store().get(source.hash, origin, signal);
    expect((await DataSource.of(spec({ format: 'folder', root: copy }))).hash).toBe(source.hash);
    write('a/2', 'tw0');
    expect((await DataSource.of(spec({ format: 'folder' }))).hash).not.toBe(source.hash);
  });

  it('comes once for all who ask', async () => {
    const [one, other] = [store(), store()];
    const places = await Promise.all([
      one.get(source.hash, origin, signal),
      one.get(source.hash, origin, signal),
      other.get(source.hash, origin, signal),
    ]);
    await store().get(source.hash, origin, signal);
    expect(new Set(places).size).toBe(1);
    expect(asked).toEqual([0]);
    expectWhole(places[0]!);
  });

  it('goes on where it broke off, wherever that is', async () => {
    cuts = [1, 150_000, 49_999, 2, 3, 3];
    expectWhole(await store().get(source.hash, origin, signal));
    expect(asked).toEqual([0, 1, 150_001, 200_000, 200_002, 200_005, 200_008].slice(0, asked.length));
    expect(asked.length).toBeGreaterThan(5);
  });

  it('goes on with what an earlier agent has got', async () => {
    const ends = new AbortController();
    const dying: DataOrigin = {
      ...origin,
      async content(_, from) {
        setTimeout(() => ends.abort(), 100);
        return cutAfter(source.content(from), from === 0 ? 200_001 : 0);
      },
    };
    await expect(store().get(source.hash, dying, ends.signal)).rejects.toThrow();
    asked = [];
    expectWhole(await store().get(source.hash, origin, signal));
    // The first file is there; the second one, of which a part was, comes anew.
    expect(asked).toEqual([200_000]);
  });

  it('is refused where something else comes, and comes whole with the next attempt', async () => {
    const place = join(root, 'a/2');
    writeFileSync(place, 'tw0');
    await expect(store().get(source.hash, origin, signal)).rejects.toThrow('a/2 came with another content');
    writeFileSync(place, 'longer');
    await expect(store().get(source.hash, origin, signal)).rejects.toThrow('was changed while the grid runs');
    writeFileSync(place, 'two');
    expectWhole(await store().get(source.hash, origin, signal));
  });

  it('comes again where files have lost their content', async () => {
    const place = await store().get(source.hash, origin, signal);
    truncateSync(join(place, 'a/1'), 0);
    expectWhole(await store().get(source.hash, origin, signal));
    expect(asked).toEqual([0, 0]);
  });

  it('gives up on an origin that sends nothing', async () => {
    const silent = { ...origin, content: async () => cutAfter(source.content(0), 0) };
    await expect(store().get(source.hash, silent, signal)).rejects.toThrow('doesn’t come: the line is dead');
  }, 20_000);

  it.each(['../x', '/etc/passwd', 'a/../../x', 'a//b', './a', 'C:/x', 'a\\b', 'a\0b'])(
    'lets no file lie outside of its folder: %j',
    path => {
      const manifest = { files: [{ path, bytes: 1, sha256: '0'.repeat(64) }] };
      expect(() => checkedManifest(manifest, dataHash(manifest))).toThrow('leaves their folder');
    },
  );

  it('takes no list that isn’t the one of its name', async () => {
    expect(() => checkedManifest(source.manifest, '0'.repeat(64))).toThrow('is that of');
    const manifest = { files: [{ path: 'a', bytes: -1, sha256: '', more: 1 }] };
    expect(() => checkedManifest(manifest, '0'.repeat(64))).toThrow('files.0.bytes');
  });
});
