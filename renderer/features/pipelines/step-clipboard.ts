import { z } from 'zod'
import { createStore } from 'zustand/vanilla'
import { PipelineStep, type PipelineDocument, type PipelineEdit } from '../../../main/model/pipeline'
import { idForStep } from './connection-rules'
import type { Point } from './step-layout'

/** What was copied last in this window, and from which pipeline: a menu may not read the clipboard of the system, a paste event may. */
export const copiedSteps = createStore<{ text: string; from: string }>(() => ({ text: '', from: '' }))

/** What is copied: steps with the places they had. Text, so that it can be pasted anywhere and checked on the way back. */
const CopiedSteps = z.object({ 'drydock.steps': z.literal(1), steps: z.array(PipelineStep).min(1).max(2000) })

/** The steps as text for the clipboard, in the order of the document. */
export function writeSteps(document: PipelineDocument, ids: readonly string[], places: ReadonlyMap<string, Point>): string {
  const wanted = new Set(ids)
  const steps = document.steps
    .filter((step) => wanted.has(step.id))
    .map((step) => ({ ...step, position: places.get(step.id) ?? step.position ?? { x: 0, y: 0 } }))
  return JSON.stringify({ 'drydock.steps': 1, steps }, null, 2)
}

/** The steps in a text that came from the clipboard; null for anything else, whatever it is. */
export function readSteps(text: string): PipelineStep[] | null {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return null
  }
  const parsed = CopiedSteps.safeParse(value)
  return parsed.success ? parsed.data.steps : null
}

const STEP_ASIDE = 40

/**
 * Edits that put steps into a document: under new ids where theirs are taken, connected among themselves as they were, and to the
 * steps of the document that they were connected to where these exist. A little aside while another step stands in the same place.
 * @param centre where to put them when they come from another pipeline
 */
export function pasteSteps(
  document: PipelineDocument,
  steps: readonly PipelineStep[],
  places: ReadonlyMap<string, Point>,
  centre: Point | null
): { edits: PipelineEdit[]; ids: string[] } {
  const present = new Set(document.steps.map((step) => step.id))
  const ids = new Map<string, string>()
  let grown = document
  for (const step of steps) {
    const id = present.has(step.id) ? idForStep(grown, step.id.replace(/[_-]\d+$/, '')) : step.id
    ids.set(step.id, id)
    present.add(id)
    grown = { ...grown, steps: [...grown.steps, { ...step, id }] }
  }
  const by = shiftFor(steps, [...places.values()], centre)
  const edits = steps.map((step): PipelineEdit => {
    const inputs = Object.fromEntries(
      Object.entries(step.inputs ?? {}).flatMap(([port, from]) => {
        const [source, output] = from.split('.')
        const copied = ids.get(source)
        return copied ? [[port, `${copied}.${output}`]] : document.steps.some((each) => each.id === source) ? [[port, from]] : []
      })
    )
    const at = step.position ?? { x: 0, y: 0 }
    return { kind: 'add-step', step: { ...step, id: ids.get(step.id)!, inputs, position: { x: at.x + by.x, y: at.y + by.y } } }
  })
  return { edits, ids: [...ids.values()] }
}

function shiftFor(steps: readonly PipelineStep[], taken: readonly Point[], centre: Point | null): Point {
  const at = steps.map((step) => step.position ?? { x: 0, y: 0 })
  const by = centre
    ? {
        x: Math.round(centre.x - (Math.min(...at.map((each) => each.x)) + Math.max(...at.map((each) => each.x))) / 2),
        y: Math.round(centre.y - (Math.min(...at.map((each) => each.y)) + Math.max(...at.map((each) => each.y))) / 2)
      }
    : { x: 0, y: 0 }
  const spots = new Set(taken.map((each) => `${each.x},${each.y}`))
  while (at.some((each) => spots.has(`${each.x + by.x},${each.y + by.y}`))) {
    by.x += STEP_ASIDE
    by.y += STEP_ASIDE
  }
  return by
}
