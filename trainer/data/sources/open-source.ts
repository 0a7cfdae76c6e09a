import { FolderSource } from './folder-source.js';
import { IdxSource } from './idx-source.js';
import type { ImageSource, SourceDescription } from './image-source.js';
import { ZipSource } from './zip-source.js';

/** Opens a source again from its description, in any thread. */
export function openSource(description: SourceDescription): ImageSource {
  switch (description.kind) {
    case 'folder':
      return new FolderSource(description.root, description.names);
    case 'zip':
      return new ZipSource(description.path, description);
    case 'idx':
      return new IdxSource(description.parts);
  }
}
