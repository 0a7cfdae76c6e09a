import { RunLog } from './run-log.js';

/** Where a run's files are on this machine, all absolute. A cell's `CellPaths` are the first four. */
interface CellFolder {
  /** What the trainer writes. Exists already. */
  root: string;
  /** The run spec as JSON, for trainers that read a file. */
  runSpec: string;
  /** Everything that the trainer says beside its events is appended here. */
  log: string;
  /** Names the process that works in `root`, so that one left over by a killed runner is found and ended. */
  process: string;
}

export interface RunFolder {
  cell: CellFolder;
  /** Decoded data, shared by all cells. */
  cache: string;
  /** Folder of the grid file: where an external trainer's command runs. */
  grid: string;
}

/** The one way to a run's files: a slot knows of them what this gives. */
export interface ArtifactPort {
  /** Opens the cell's log, to append to it under a new header. */
  openLog(header: string): RunLog;
  /** All of them as folders here, for a trainer that works on this machine. */
  folder(): RunFolder;
}

/** Artifacts that are kept in a folder of this machine. */
export const folderArtifacts = (folder: RunFolder): ArtifactPort => ({
  openLog: header => new RunLog(folder.cell.log, header),
  folder: () => folder,
});
