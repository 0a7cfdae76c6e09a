import type { MemoryUse, TrainerEvent } from '../../trainer/contract/events.js';
import { machineShare } from '../../trainer/files/machine.js';
import { forgetPeak, killsForMemory, peakMegabytes, processTree, treeMegabytes } from './process-memory.js';

/** What the processes of a run hold of its GPU, in MB; undefined: nobody can tell. Never rejects. */
export type GpuLook = (pids: readonly number[]) => Promise<number | undefined>;

const lookMs = 1000;
/** `ps` and `nvidia-smi` are programs that have to be started. */
const slowLookMs = 10_000;
/** What has grown by less is no news. */
const growth = 1.05;
/** A process that was killed with so much of the machine's memory was killed for it. */
const shareOfKilled = 0.9;

/** Looks at the memory of one run, from its first steps on. */
export class MemoryWatch {
  readonly #pid: number;
  readonly #gpu: GpuLook | undefined;
  readonly #timer: NodeJS.Timeout;
  readonly #knowsPeak: boolean;
  #megabytes = 0;
  #gpuMegabytes: number | null = null;
  #told: MemoryUse | undefined;
  #hasTrained = false;
  #gpuLooking: Promise<void> | undefined;
  #gpuLookedAt = Number.NEGATIVE_INFINITY;
  /** The kernel's kills as they were at the last looks, the oldest first: the newest one may have come after the run's death. */
  #kills = [killsForMemory()];

  /** `isWarm`: the process has had other runs before. */
  constructor(pid: number, isWarm: boolean, gpu?: GpuLook) {
    this.#pid = pid;
    this.#gpu = gpu;
    this.#knowsPeak = forgetPeak(pid) || !isWarm;
    this.#timer = setInterval(() => this.#look(), process.platform === 'linux' ? lookMs : slowLookMs);
    this.#timer.unref();
  }

  /** The most so far; 0: nobody has looked. */
  get megabytes(): number {
    return this.#megabytes;
  }

  /** What there is to be told after an event of the run: of its first steps, and whenever that has grown. */
  async newsAfter({ type }: TrainerEvent): Promise<MemoryUse | undefined> {
    if (type !== 'progress' && type !== 'epoch') return undefined;
    const isFirst = !this.#hasTrained;
    this.#hasTrained = true;
    if (isFirst || type === 'epoch') this.#look();
    // A run of one short epoch tells nothing later.
    if (isFirst) await this.#gpuLooking;
    return this.news();
  }

  /** What has grown since it was told last. */
  news(): MemoryUse | undefined {
    const use = { megabytes: Math.round(this.#megabytes), gpuMegabytes: this.#gpuMegabytes };
    if (use.megabytes === 0 || !this.#isNews(use)) return undefined;
    this.#told = use;
    return use;
  }

  /** Whether the kernel killed the run, which SIGKILL has ended, for want of memory. */
  get wasKilledForMemory(): boolean {
    const [before = 0] = this.#kills;
    return killsForMemory() > before || this.#megabytes * 1e6 > shareOfKilled * machineShare().memory;
  }

  end(): void {
    clearInterval(this.#timer);
  }

  #isNews({ megabytes, gpuMegabytes }: MemoryUse): boolean {
    if (this.#told === undefined) return true;
    if (megabytes > growth * this.#told.megabytes) return true;
    return gpuMegabytes !== null && gpuMegabytes > growth * (this.#told.gpuMegabytes ?? 0);
  }

  #look(): void {
    this.#kills = [...this.#kills.slice(-1), killsForMemory()];
    const tree = processTree(this.#pid);
    const peak = (this.#knowsPeak && peakMegabytes(this.#pid)) || 0;
    this.#megabytes = Math.max(this.#megabytes, peak, treeMegabytes(tree));
    const now = performance.now();
    if (this.#gpu === undefined || !this.#hasTrained || now - this.#gpuLookedAt < slowLookMs) return;
    this.#gpuLookedAt = now;
    this.#gpuLooking = this.#gpu(tree).then(megabytes => {
      if (megabytes !== undefined)
        this.#gpuMegabytes = Math.max(this.#gpuMegabytes ?? 0, Math.round(megabytes));
    });
  }
}
