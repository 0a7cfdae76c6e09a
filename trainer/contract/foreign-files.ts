/** What is taken for weights and is something else, by its first bytes, with what helps. */

/** From PyTorch's own format to safetensors. */
export const torchRemedy =
  'weights of PyTorch are converted by: python -c "import torch; from safetensors.torch import save_file; ' +
  "w = torch.load('in.pth', map_location='cpu', weights_only=True); w = w.get('state_dict', w); " +
  "save_file({k: v.clone().contiguous() for k, v in w.items()}, 'out.safetensors')\"";

const again = 'download or copy it again';
const linked = 'download the file itself (Hugging Face: …/resolve/main/model.safetensors)';
const others = 'load it with the program that it is of, and save it as safetensors';

/** Bytes as Latin-1 text, where they stand, and what the file is then. */
const magic: readonly (readonly [at: number, bytes: string, words: string])[] = [
  [0, 'PK\x03\x04', `is a zip, as torch.save writes it (.pt, .pth, .bin, .ckpt): ${torchRemedy}`],
  [0, '\x80\x02', `is a Python pickle, as torch.save wrote it (.pt, .pth, .bin): ${torchRemedy}`],
  [0, '\x80\x03', `is a Python pickle: ${torchRemedy}`],
  [0, '\x80\x04', `is a Python pickle: ${torchRemedy}`],
  [0, '\x80\x05', `is a Python pickle: ${torchRemedy}`],
  [257, 'ustar', `is a tar, as the first versions of torch.save wrote it: ${torchRemedy}`],
  [0, '\x89HDF', `is HDF5, as Keras writes it (.h5): ${others}`],
  [0, '\x93NUMPY', `is an array of NumPy (.npy): ${others}`],
  [0, 'GGUF', `is a GGUF: ${others}`],
  [4, 'TFL3', `is a TensorFlow Lite model: ${others}`],
  [0, '\x1f\x8b', 'is compressed by gzip: unpack it (gunzip)'],
  [0, '\x28\xb5\x2f\xfd', 'is compressed by zstd: unpack it (unzstd)'],
  [0, '\xfd7zXZ', 'is compressed by xz: unpack it (unxz)'],
  [
    0,
    'version https://git-lfs',
    'is a Git LFS pointer, the weights are elsewhere: run git lfs pull in its folder',
  ],
];

/** Texts, behind a byte-order mark and blanks. */
const texts: readonly (readonly [beginning: RegExp, words: string])[] = [
  [/^<(?:!doctype|html|head|\?xml|error)/i, `is a web page, not the weights: ${linked}`],
  [/^[{[]\s*["{\]}]/, `is JSON (an index of parts, or an error of a server): ${linked}`],
];

/** Words for a file that is no safetensors, if it is one of the kinds known here. `start`: at least its first 512 bytes. */
export function foreignFile(start: Uint8Array, size: number): string | undefined {
  if (size === 0) return `is empty: ${again}`;
  const head = String.fromCharCode(...start.subarray(0, 512));
  const text = head.replace(/^\xef\xbb\xbf/, '').trimStart();
  return (
    magic.find(([at, bytes]) => head.startsWith(bytes, at))?.[2] ??
    texts.find(([beginning]) => beginning.test(text))?.[1]
  );
}
