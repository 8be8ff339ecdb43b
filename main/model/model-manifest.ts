import { z } from 'zod'
import { SCORER_FILE } from './external-scorer'
import { Sha256 } from './reference'

/** The document of a Model output: its files by name. What makes a model is `model.onnx`, or `scorer.json` for one without ONNX form; its
 * SHA-256 is the identity of the model. */
export const modelManifest = z.looseObject({
  files: z.record(z.string(), z.object({ sha256: Sha256, size: z.number() }))
})
export type ModelManifest = z.output<typeof modelManifest>

/** SHA-256 of the model itself; undefined for a manifest without one. */
export const modelOf = (manifest: ModelManifest): Sha256 | undefined =>
  (manifest.files['model.onnx'] ?? manifest.files[SCORER_FILE])?.sha256

/** The name under which a record is kept that a script wrote in a form that steps of this workbench write: what it says of itself. */
export const claimedName = (name: string): string => `claimed-${name}`

/** The file among those of a model that can score: the graph, or the program in its place. */
export const scoringFileOf = (files: Readonly<Record<string, string>>): string | undefined => files['model.onnx'] ?? files[SCORER_FILE]

/** A file that people were not shown as a program starts none, whatever its bytes are: only a model that is a `scorer.json` may. */
export const programsOf = (files: Readonly<Record<string, string>>): 'allowed' | undefined =>
  files['model.onnx'] === undefined && files[SCORER_FILE] !== undefined ? 'allowed' : undefined
