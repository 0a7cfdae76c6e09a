import { machineShare } from '../../../trainer/files/machine.js';
import type { RunRef } from '../../domain/run.js';
import type { SharedMemory } from '../../domain/slot.js';
import { lostRun } from '../../trainer-client/lost-run.js';
import type { GpuLook } from '../../trainer-client/memory-watch.js';
import { ProcessRun } from '../../trainer-client/process-run.js';
import type { RunLog } from '../../trainer-client/run-log.js';
import {
  type TrainerProgram,
  type TrainerSettings,
  trainerProgram,
} from '../../trainer-client/trainer-command.js';
import { TrainerProcess } from '../../trainer-client/trainer-process.js';
import type { RunHandle, SlotRun } from '../../trainer-client/trainer-run.js';
import type { OpenSlot } from '../backend.js';
import { gpuMegabytes } from './gpu-memory.js';
import { claimProcess, endOrphan, releaseProcess } from './orphan.js';
import type { SlotPool } from './pool.js';

/** How long an idle trainer may take to end by itself. */
const closeGraceMs = 2000;

export interface LocalSlotOptions extends TrainerSettings {
  slotId: string;
  device: string;
  dataRoot: string | null;
  /** Of its GPU; absent: the slot has the machine's. */
  memoryMegabytes?: number;
  shares: SharedMemory;
  pool: SlotPool;
  /** The GPU that its trainers are on; absent: none. */
  gpu?: string;
  /** A warm trainer that holds more after a run is replaced before the next one. */
  memoryLimitMegabytes: number;
}

/** A slot on this machine: one trainer process, kept warm from run to run. */
export class LocalSlot implements OpenSlot {
  readonly backend = 'local';
  readonly outlivesRunner = false;
  readonly slotId: string;
  readonly device: string;
  readonly dataRoot: string | null;
  readonly memoryMegabytes: number;
  readonly shares: SharedMemory;
  #options: LocalSlotOptions;
  #warm: { process: TrainerProcess; command: string } | undefined;
  #run: { ref: RunRef; handle: RunHandle; isOver: boolean } | undefined;

  constructor(options: LocalSlotOptions) {
    this.slotId = options.slotId;
    this.device = options.device;
    this.dataRoot = options.dataRoot;
    this.memoryMegabytes = options.memoryMegabytes ?? Math.floor(machineShare().memory / 1e6);
    this.shares = options.shares;
    this.#options = options;
    options.pool.add(this);
    options.pool.isTight ||= options.shares.isMeasured;
  }

  async submit(run: SlotRun): Promise<RunRef> {
    const ref = `${run.cellId} ${run.attempt}`;
    if (this.#run?.ref === ref && !this.#run.isOver) return ref;
    if (this.#run?.isOver === false) throw new Error(`slot ${this.slotId} has a run already`);
    const program = trainerProgram(run, this.#options);
    const log = run.artifacts.openLog(
      `--- run ${run.attempt} on ${this.slotId}, ${new Date().toISOString()}: ${program.command.join(' ')}`,
    );
    const handle = new ProcessRun(
      run,
      program.persistent,
      log,
      killed => this.#serve(run, program, log, killed),
      this.#gpuLook(program),
    );
    const current = { ref, handle, isOver: false };
    this.#run = current;
    void handle.exit.then(exit => {
      if ('failure' in exit && exit.failure.class === 'outOfMemory') this.#options.pool.isTight = true;
      this.#afterRun(run, log);
      current.isOver = true;
    });
    return ref;
  }

  /** The handle of the run in progress: its events are told once. */
  attach(ref: RunRef): RunHandle {
    return this.#run?.ref === ref ? this.#run.handle : lostRun(this.slotId, ref);
  }

  async close(): Promise<void> {
    this.#options.pool.remove(this);
    await this.#endWarm();
  }

  async rest(): Promise<void> {
    if (this.#run?.isOver !== false) await this.#endWarm();
  }

  async #endWarm(): Promise<void> {
    const warm = this.#warm?.process;
    this.#warm = undefined;
    await warm?.finish(closeGraceMs);
  }

  /** TensorFlow takes all of a GPU at once unless it is told not to: what it has taken then says nothing. */
  #gpuLook({ environment, persistent }: TrainerProgram): GpuLook | undefined {
    const { gpu } = this.#options;
    const takesAll = persistent && environment.TF_FORCE_GPU_ALLOW_GROWTH !== 'true';
    return gpu === undefined || takesAll ? undefined : pids => gpuMegabytes(gpu, pids, environment);
  }

  async #serve(
    run: SlotRun,
    program: TrainerProgram,
    log: RunLog,
    killed: AbortSignal,
  ): Promise<TrainerProcess> {
    const { cell, cache } = run.artifacts.folder();
    // Before a new one is started: there are never two writers in the cell's folder.
    await endOrphan(cell.process, this.#warm?.process.pid, killed);
    await this.#options.pool.makeRoom(this);
    const trainer = await this.#trainer(program);
    trainer.log = log;
    if (trainer.pid !== undefined) claimProcess(cell.process, trainer.pid);
    if (program.persistent) {
      const { cellId, attempt, spec, untilEpoch } = run;
      const until = untilEpoch !== undefined && { untilEpoch };
      trainer.send({ type: 'run', cellId, attempt, spec, runDir: cell.root, cacheDir: cache, ...until });
    }
    return trainer;
  }

  async #trainer(program: TrainerProgram): Promise<TrainerProcess> {
    const command = JSON.stringify(program.command);
    const warm = this.#warm;
    if (warm !== undefined && program.persistent && warm.command === command && warm.process.alive)
      return warm.process;
    await this.#endWarm();
    const process = new TrainerProcess(program);
    this.#warm = { process, command };
    return process;
  }

  #afterRun(run: SlotRun, log: RunLog): void {
    const warm = this.#warm?.process;
    if (warm?.isStuck !== true) releaseProcess(run.artifacts.folder().cell.process, warm?.pid);
    log.close();
    if (warm !== undefined) {
      warm.log = undefined;
      // It is idle: there is nothing to lose.
      if ((warm.memoryMegabytes ?? 0) > this.#options.memoryLimitMegabytes) warm.kill();
    }
  }
}
