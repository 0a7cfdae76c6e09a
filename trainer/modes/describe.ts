/** Says and shows what a data set holds. */
import { text } from 'node:stream/consumers';
import type {
  AugmentedPictures,
  DataContent,
  DataReport,
  DescribeRequest,
  Part,
} from '../contract/data-report.js';
import { describeRequest } from '../contract/request-schemas.js';
import { writeContactSheet } from '../data/report/contact-sheet.js';
import { describeData } from '../data/report/describe-data.js';
import { loadEngine } from '../engine/load-engine.js';
import { checkedJson } from '../files/checked-json.js';
import { openRunData } from '../run/open-run-data.js';
import { augmentedBatches } from '../training/augmented-batches.js';

/** Images of a batch on the picture of it. */
const batchSize = 32;

/** A DescribeRequest as JSON on stdin → a DataReport as JSON on stdout, pictures in its `outDir`. */
export async function printDescription(): Promise<void> {
  const start = performance.now();
  const request = checkedJson<DescribeRequest>(
    await text(process.stdin),
    describeRequest,
    'a DescribeRequest',
  );
  const log = (message: string) => console.error(message);
  const { inspection, content } = await describeData(request.data, { ...request, log });
  const report: DataReport = {
    inspection,
    content: content && { ...content, augmented: await paintAugmented(request, content) },
    seconds: (performance.now() - start) / 1000,
  };
  process.stdout.write(`${JSON.stringify(report)}\n`);
}

/** The plain engine does it: a batch is too little for a fast one to be worth its loading. */
async function paintAugmented(
  { augmentations, data, cacheDir, outDir }: DescribeRequest,
  { height, isSizeChosen }: Omit<DataContent, 'augmented'>,
): Promise<AugmentedPictures[]> {
  const pictures: AugmentedPictures[] = [];
  if (augmentations.length === 0) return pictures;
  const engine = await loadEngine('cpu', { threads: 1 });
  const sized = isSizeChosen ? { ...data, imageSize: height } : data;
  const runData = await openRunData({ workers: 0 })(sized, cacheDir);
  for (const [index, { label, ...options }] of augmentations.entries()) {
    const batches = await augmentedBatches(engine, runData, { ...options, batchSize });
    const paint = (part: Part) =>
      writeContactSheet(outDir, `pictures/augmented-${index}-${part}.png`, batches[part], {
        shape: runData.image,
        columns: 8,
      });
    pictures.push({ label, train: paint('train'), validation: paint('validation') });
  }
  return pictures;
}
