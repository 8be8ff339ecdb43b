import { Worker } from 'node:worker_threads'
import { closedAt, wakeAt } from '../kernels/records'

/**
 * What a helper thread runs. It needs nothing but the compiled kernels and the memory, which come along: as a text it needs no file of its own,
 * wherever the program is packaged.
 */
const program = `
const { workerData } = require('node:worker_threads')
const { module, memory, thread } = workerData
new WebAssembly.Instance(module, { env: { memory } }).exports.help(thread)
`

/** Threads that work on the same memory as the one that leads them. */
export class Helpers {
  private readonly ended: Promise<unknown>[]

  constructor(
    module: WebAssembly.Module,
    private readonly memory: WebAssembly.Memory,
    count: number
  ) {
    this.ended = Array.from({ length: count }, (_, index) => {
      const worker = new Worker(program, { eval: true, execArgv: [], env: {}, workerData: { module, memory, thread: index + 1 } })
      // The fit does without a helper that cannot start: its tasks are done by the others.
      worker.on('error', () => {})
      return new Promise((resolve) => worker.once('exit', resolve))
    })
  }

  /** Lets the helpers end, and waits until they did. */
  async close(): Promise<void> {
    const words = new Int32Array(this.memory.buffer)
    Atomics.store(words, closedAt >> 2, 1)
    Atomics.add(words, wakeAt >> 2, 1)
    Atomics.notify(words, wakeAt >> 2)
    await Promise.all(this.ended)
  }
}
