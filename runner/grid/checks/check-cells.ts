/** Checks that need to know the data: what its inspection found, and what the cells ask of it. */
import type { DataInspection, DataProblem } from '../../../trainer/contract/events.js';
import {
  augmentationProblems,
  batchNormProblem,
  copyNumbers,
  modelProblem,
} from '../../../trainer/contract/params.js';
import type { DataSpec, RunSpec } from '../../../trainer/contract/run-spec.js';
import type { Cell } from '../../domain/cell.js';
import type { Grid, Section } from '../../domain/grid.js';
import type { Problem } from '../../domain/problem.js';
import { distinctCells } from '../axes/distinct-cells.js';
import { settingNode } from '../settings/setting-node.js';
import { Reporter } from '../yaml/reporter.js';

/** The data that the cells use, each once: what a trainer has to inspect. Data of external trainers is theirs. */
export function distinctData(cells: readonly Cell[]): DataSpec[] {
  return distinctCells(
    cells.filter(({ spec }) => spec.trainer === null),
    ['data'],
  ).map(({ spec }) => spec.data);
}

/**
 * @param inspections by the objects that `distinctData` gave
 * @returns warnings
 * @throws GridError with all errors, each at the node that is to blame
 */
export function checkCells(
  grid: Grid,
  cells: readonly Cell[],
  inspections: ReadonlyMap<DataSpec, DataInspection>,
): readonly Problem[] {
  const errors = new Reporter(grid.source);
  const warnings = new Reporter(grid.source);
  const inspected = cells.filter(({ spec }) => spec.trainer === null && inspections.has(spec.data));
  for (const cell of distinctCells(inspected, ['data']))
    for (const problem of inspections.get(cell.spec.data)!.problems) {
      const report = problem.severity === 'error' ? errors : warnings;
      report.add(settingNode(grid, cell, `data.${problem.key}`), problem.message);
    }
  for (const { sections, check } of checks)
    for (const cell of distinctCells(inspected, sections)) {
      const finding = check(cell.spec, inspections.get(cell.spec.data)!);
      if (finding) errors.add(settingNode(grid, cell, finding.path), finding.message);
    }
  for (const cell of distinctCells(inspected, ['data', 'augmentation'])) {
    const note = squashedCrops(cell.spec, inspections.get(cell.spec.data)!);
    if (note) warnings.add(settingNode(grid, cell, note.path), note.message);
  }
  errors.throwIfAny();
  return warnings.problems;
}

interface DataCheck {
  sections: readonly Section[];
  check(spec: Readonly<RunSpec>, inspection: DataInspection): { path: string; message: string } | undefined;
}

const hasError = (problems: readonly DataProblem[]) => problems.some(({ severity }) => severity === 'error');

/** Training images of an epoch, the copies of an expansion included. */
function trainImagesOf(
  { data, augmentation }: Pick<RunSpec, 'data' | 'augmentation'>,
  { images, validationImages }: DataInspection,
): number {
  const own = data.validation.source === 'split' ? images - validationImages : images;
  return own * copyNumbers(augmentation).length;
}

/** torchvision's recipe for ImageNet: Resize(256), CenterCrop(224). */
const usualShare = 256 / 224;

/** A crop of images that were squashed before is not what torchvision's recipes mean by it. */
function squashedCrops(
  { data, augmentation }: Readonly<RunSpec>,
  { imageSizes }: DataInspection,
): { path: string; message: string } | undefined {
  const { imageSize, shortSide = null } = data;
  const index = augmentation.transforms.findIndex(({ name }) => name === 'randomResizedCrop');
  if (imageSize === null || shortSide !== null || index < 0) return undefined;
  const larger = imageSizes.filter(({ height, width }) => Math.min(height, width) > imageSize);
  if (larger.length === 0) return undefined;
  const { height, width } = larger[0]!;
  return {
    path: `augmentation.transforms.${index}`,
    message: `images of ${height}×${width} and others are squashed to ${imageSize}×${imageSize} before randomResizedCrop; data.shortSide: ${Math.round(imageSize * usualShare)} lets it crop from larger ones, as torchvision does`,
  };
}

const checks: readonly DataCheck[] = [
  {
    sections: ['data', 'model'],
    check({ model }, { imageSize }) {
      const message = imageSize === null ? undefined : modelProblem(model, imageSize);
      return message === undefined ? undefined : { path: 'model', message: `${model.name}: ${message}` };
    },
  },
  {
    sections: ['data'],
    check(_, { imageSize, imageSizes, problems }) {
      if (imageSize !== null || hasError(problems)) return undefined;
      const sizes = imageSizes.slice(0, 3).map(({ height, width, count }) => `${height}×${width} (${count})`);
      return {
        path: 'data.imageSize',
        message: `must be given, since the images have ${imageSizes.length} sizes: ${sizes.join(', ')}${imageSizes.length > 3 ? ', …' : ''}`,
      };
    },
  },
  {
    sections: ['data', 'train', 'augmentation'],
    check({ data, train, augmentation }, inspection) {
      const trainImages = trainImagesOf({ data, augmentation }, inspection);
      const { problems } = inspection;
      if (hasError(problems) || train.batchSize <= trainImages) return undefined;
      return {
        path: 'train.batchSize',
        message: `must be ≤ the ${trainImages} training images, got ${train.batchSize}`,
      };
    },
  },
  {
    sections: ['data', 'model', 'train', 'augmentation'],
    check({ data, model, train, augmentation }, inspection) {
      const { imageSize, problems } = inspection;
      // What is frozen normalizes by its running statistics; the trainer knows which layers those are.
      if (imageSize === null || hasError(problems) || train.freeze.length > 0) return undefined;
      const trainImages = trainImagesOf({ data, augmentation }, inspection);
      const message = batchNormProblem(model, imageSize, { ...train, trainImages });
      return message === undefined ? undefined : { path: 'train.batchSize', message };
    },
  },
  {
    sections: ['data', 'augmentation'],
    check({ augmentation, data }, { imageSize }) {
      const [problem] = augmentationProblems(augmentation, { channels: data.channels, imageSize });
      return problem && { path: `augmentation.${problem.path}`, message: problem.message };
    },
  },
];
