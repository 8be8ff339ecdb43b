import { jobAt } from '../kernels/records'
import type { Kernels } from '../kernels/load'
import type { Sums } from '../split'

/** Work below which waking the helpers costs more than they save: cells that are read or written. */
const leastShared = 30_000

/** The shared memory seen as numbers of every kind, and the kernels that work on it. */
export class SharedMemory {
  readonly bytes: Uint8Array
  readonly ints: Int32Array
  readonly doubles: Float64Array
  readonly floats: Float32Array
  readonly longs: BigInt64Array
  readonly kernels: Kernels

  constructor(
    readonly memory: WebAssembly.Memory,
    module: WebAssembly.Module,
    private readonly shift: number
  ) {
    const { buffer } = memory
    this.bytes = new Uint8Array(buffer)
    this.ints = new Int32Array(buffer)
    this.doubles = new Float64Array(buffer)
    this.floats = new Float32Array(buffer)
    this.longs = new BigInt64Array(buffer)
    this.kernels = new WebAssembly.Instance(module, { env: { memory } }).exports as unknown as Kernels
  }

  /** Runs `tasks` tasks of a job; `words` are what the job's kernel says, `work` is about how much there is to do. */
  run(kind: number, words: readonly number[], tasks: number, work: number): void {
    const at = jobAt >>> 2
    this.ints[at] = kind
    for (let i = 0; i < words.length; i++) this.ints[at + 1 + i] = words[i]!
    this.kernels.lead(tasks, work < leastShared ? 1 : 0)
  }

  writeSums(at: number, { gradient, hessian, rows }: Sums): void {
    this.longs[at >>> 3] = BigInt(gradient)
    this.longs[(at >>> 3) + 1] = (BigInt(rows) << BigInt(this.shift)) + BigInt(hessian)
  }

  readSums(at: number): Sums {
    return { gradient: this.gradientAt(at), hessian: this.hessianAt(at), rows: this.rowsAt(at) }
  }

  gradientAt(at: number): number {
    return this.ints[(at >>> 2) + 1]! * 4294967296 + (this.ints[at >>> 2]! >>> 0)
  }

  hessianAt(at: number): number {
    const mask = 2 ** (this.shift - 32) - 1
    return (this.ints[(at >>> 2) + 3]! & mask) * 4294967296 + (this.ints[(at >>> 2) + 2]! >>> 0)
  }

  rowsAt(at: number): number {
    return this.ints[(at >>> 2) + 3]! >>> (this.shift - 32)
  }
}
