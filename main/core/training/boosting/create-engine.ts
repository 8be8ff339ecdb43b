import type { EncodedTable, FeatureEncoding } from '../features'
import { mostByteBins } from './binning'
import { bitsFor, type Engine, type EngineShape } from './engine'
import { loadKernels } from './kernels/load'
import { PlainEngine } from './plain/plain-engine'
import { Helpers } from './wasm/helper-threads'
import { layOut } from './wasm/layout'
import { SharedMemory } from './wasm/memory'
import { WasmEngine } from './wasm/wasm-engine'

const pageBytes = 65_536
/** What an address of 32 bits reaches. */
const mostPages = 65_536

/**
 * The engine for a fit: in WebAssembly, or in plain TypeScript where its memory would not be enough or there is none. Both give equal bits, with
 * any number of threads.
 * @param table the rows to learn from first, then those that watch
 * @param kind which one, for tests that compare them
 */
export function createEngine(
  shape: EngineShape,
  table: EncodedTable,
  encodings: readonly FeatureEncoding[],
  maxBins: number,
  threads: number,
  kind?: Engine['kind']
): Engine {
  const module = kind === 'plain' ? null : loadKernels()
  const features = encodings.map(({ kind: of, kept }) => {
    const bins = of === 'category' ? kept.length + 1 : maxBins
    return { bins, wide: bins > mostByteBins }
  })
  const layout = layOut(shape, features, threads)
  const pages = Math.ceil(layout.end / pageBytes) + 1
  const memory = module && pages <= mostPages ? takeMemory(pages) : null
  if (!module || !memory) return new PlainEngine(shape, table, encodings, maxBins)
  const shared = new SharedMemory(memory, module, bitsFor(shape.rows).shift)
  const helpers = threads > 1 ? new Helpers(module, memory, threads - 1) : null
  return new WasmEngine(shared, layout, helpers, threads, shape, table, encodings, maxBins)
}

/** Null where the machine does not give so much. */
function takeMemory(pages: number): WebAssembly.Memory | null {
  try {
    return new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true })
  } catch {
    return null
  }
}
