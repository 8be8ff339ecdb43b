import { randomUUID } from 'node:crypto'
import { WorkbenchError } from '../../../model/errors'
import type { OpenPanel } from '../../../model/what-if'
import type { WhatIf } from './what-if'

/** A model that nobody asked for so long is closed: it holds a process and its background in memory. */
const idleMilliseconds = 10 * 60_000
/** More windows than these do not hold models open; the one that was not asked for longest makes way. */
const mostOpen = 4

interface Held {
  whatIf: WhatIf
  used: number
  end(): void
}

/** The models that stand open to be asked about single rows. */
export class Panels {
  private readonly held = new Map<string, Held>()

  constructor(private readonly idle: number = idleMilliseconds) {}

  /** Holds one open until its reader goes or nobody asked for a while; it is closed in both cases. */
  async *hold(whatIf: WhatIf, signal: AbortSignal): AsyncGenerator<OpenPanel, { ended: 'idle' }, void> {
    const id = randomUUID()
    let end = (): void => undefined
    const ended = new Promise<void>((resolve) => (end = resolve))
    const held: Held = {
      whatIf,
      used: Date.now(),
      // A reader that is slow to hear of it asks nothing more meanwhile.
      end: () => void (this.held.delete(id), end())
    }
    const look = setInterval(() => Date.now() - held.used >= this.idle && held.end(), Math.min(this.idle, 30_000))
    signal.addEventListener('abort', held.end, { once: true })
    try {
      if (this.held.size >= mostOpen) [...this.held.values()].reduce((old, each) => (each.used < old.used ? each : old)).end()
      this.held.set(id, held)
      yield whatIf.describe(id)
      if (!signal.aborted) await ended
      return { ended: 'idle' }
    } finally {
      clearInterval(look)
      signal.removeEventListener('abort', held.end)
      this.held.delete(id)
      await whatIf.close()
    }
  }

  /** @throws WorkbenchError NOT_FOUND for one that was closed */
  get(id: string): WhatIf {
    const held = this.held.get(id)
    if (!held) throw new WorkbenchError('NOT_FOUND', 'The model was closed, because nobody asked it for a while. Open it again.')
    held.used = Date.now()
    return held.whatIf
  }

  /** How many stand open. */
  get size(): number {
    return this.held.size
  }

  closeAll(): void {
    for (const { end } of this.held.values()) end()
  }
}
