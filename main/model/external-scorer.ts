import { z } from 'zod'
import { Sha256 } from './reference'

/** The file that makes a model of a program: an external scorer. */
export const SCORER_FILE = 'scorer.json'

/**
 * A model without ONNX form: frozen code and the command that reads a table and writes scores. Everything that the command names is in it,
 * so its digest is the identity of the model; the program that runs it (an interpreter with its packages) is not.
 */
export const externalScorerSchema = z.object({
  schema: z.literal('drydock.external-scorer'),
  version: z.literal(1),
  command: z.array(z.string().min(1).max(8000)).min(1).max(200).describe('Program and arguments, without a shell.'),
  seconds: z.int().min(1).max(86_400).describe('What it may take for one batch of rows.'),
  task: z.string(),
  /** Columns of the scores that it writes, in their order. */
  scores: z.array(z.string()).min(1).max(200),
  files: z
    .array(
      z.object({
        path: z.string().min(1).max(1000),
        sha256: Sha256,
        /** The bytes, as text where they are UTF-8. */
        text: z.string().optional(),
        base64: z.string().optional()
      })
    )
    .max(5000),
  /** What ran it when it was taken in; null where it is one of the files. */
  program: z.object({ path: z.string(), version: z.string().nullable(), sha256: Sha256.nullable() }).nullable()
})
export type ExternalScorer = z.infer<typeof externalScorerSchema>

/** Where and how a person runs it by hand. */
export const commandWords = (command: readonly string[]): string =>
  command.map((word) => (/^[\w@%+=:,./\\-]+$/.test(word) ? word : JSON.stringify(word))).join(' ')

/** Said wherever such a model is shown. */
export const notPortable = 'Not portable: it is no ONNX graph but a program, which runs only where that program and its packages are.'
