import { existsSync } from 'node:fs';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { addonPackage, addonVersion, packageDirOf } from '../engine/native/engine-cache.js';
import { runCommand } from '../engine/run-command.js';
import type { TensorflowLibrary } from './tensorflow-library.js';

/** Where the add-on's build looks for TensorFlow, and what lies there in Python's package. */
const links = {
  'deps/include': 'include',
  'deps/lib/libtensorflow.so': 'libtensorflow_cc.so.2',
  'deps/lib/libtensorflow_cc.so.2': 'libtensorflow_cc.so.2',
  'deps/lib/libtensorflow_framework.so': 'libtensorflow_framework.so.2',
  'deps/lib/libtensorflow_framework.so.2': 'libtensorflow_framework.so.2',
};

/** Node's headers beside its program, so that node-gyp needn't download them; undefined where they are not. */
function nodeHeaders(): string | undefined {
  const prefix = dirname(dirname(process.execPath));
  return existsSync(join(prefix, 'include/node/node_api.h')) ? prefix : undefined;
}

/** Installs tfjs-node into `engineDir` and builds its add-on against this TensorFlow. */
export async function buildAddon(
  engineDir: string,
  { folder }: TensorflowLibrary,
  log: (line: string) => void,
): Promise<void> {
  await mkdir(engineDir, { recursive: true });
  await writeFile(join(engineDir, 'package.json'), '{ "private": true }\n');
  log(`unpacking ${addonPackage} ${addonVersion}`);
  const quiet = ['--ignore-scripts', '--no-audit', '--no-fund', '--no-package-lock'];
  await runCommand('npm', ['install', ...quiet, `${addonPackage}@${addonVersion}`], {
    cwd: engineDir,
    env: { npm_config_workspaces: 'false', npm_config_global: 'false' },
  });

  const packageDir = packageDirOf(engineDir);
  await mkdir(join(packageDir, 'deps/lib'), { recursive: true });
  for (const [link, target] of Object.entries(links))
    await symlink(join(folder, target), join(packageDir, link));

  log('building its add-on (about 20 s)');
  const headers = nodeHeaders();
  await runCommand(
    process.execPath,
    [join(engineDir, 'node_modules/@mapbox/node-pre-gyp/bin/node-pre-gyp'), 'install', '--build-from-source'],
    {
      cwd: packageDir,
      env: {
        // By its real path, so that TensorFlow finds the CUDA libraries that lie relative to it.
        LDFLAGS: `-Wl,-rpath,${folder}`,
        ...(headers === undefined ? {} : { npm_config_nodedir: headers }),
      },
    },
  );
}
