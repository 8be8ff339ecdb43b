/**
 * The kernels of histogram boosting over shared memory (WebAssembly SIMD). They know addresses only; which work is done in which order is
 * decided by the program that leads them. Compile with `node scripts/kernels.mjs`.
 */
export { help, lead } from './threads'
export { iota } from './rows'
