import { compiledKernels } from './compiled'

/** What the compiled kernels offer; addresses are whole numbers of bytes. */
export interface Kernels {
  /** Runs the tasks of the job that lies in the memory; returns when all are done. */
  lead(tasks: number, alone: number): void
  help(thread: number): void
  iota(at: number, count: number): void
}

let compiled: WebAssembly.Module | null | undefined

/** The compiled kernels; null where this runtime has no WebAssembly, or none with SIMD and shared memory. */
export function loadKernels(): WebAssembly.Module | null {
  if (compiled !== undefined) return compiled
  try {
    compiled = new WebAssembly.Module(Buffer.from(compiledKernels, 'base64'))
  } catch {
    compiled = null
  }
  return compiled
}
