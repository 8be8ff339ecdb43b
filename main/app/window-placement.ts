import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { z } from 'zod'

const Placement = z.object({
  x: z.number().int().optional(),
  y: z.number().int().optional(),
  width: z.number().int().min(1).max(20_000),
  height: z.number().int().min(1).max(20_000),
  maximized: z.boolean().default(false)
})
export type Placement = z.infer<typeof Placement>

export interface Rectangle {
  x: number
  y: number
  width: number
  height: number
}

export const smallestWindow = { width: 1024, height: 640 }
const firstWindow: Placement = { width: 1440, height: 900, maximized: false }

/** Where the window was last time; the default when the file is missing or not understood. */
export function readPlacement(file: string): Placement {
  try {
    return Placement.parse(JSON.parse(readFileSync(file, 'utf8')))
  } catch {
    return firstWindow
  }
}

export function savePlacement(file: string, placement: Placement): void {
  try {
    writeFileSync(`${file}.new`, JSON.stringify(placement))
    renameSync(`${file}.new`, file)
  } catch {
    // Not remembering a window's size is not worth a message.
  }
}

/** Fits a remembered window to the screens there are now: a window on an unplugged screen would be lost. */
export function fitPlacement(placement: Placement, workAreas: readonly Rectangle[]): Placement {
  const { x, y } = placement
  const holds = (area: Rectangle) =>
    x !== undefined &&
    y !== undefined &&
    x + 100 > area.x &&
    x < area.x + area.width - 100 &&
    y >= area.y - 10 &&
    y < area.y + area.height - 100
  const home = workAreas.find(holds)
  const area = home ?? workAreas[0]
  if (!area) return placement
  const width = Math.max(Math.min(placement.width, area.width), Math.min(smallestWindow.width, area.width))
  const height = Math.max(Math.min(placement.height, area.height), Math.min(smallestWindow.height, area.height))
  return home ? { ...placement, width, height } : { width, height, maximized: placement.maximized }
}
