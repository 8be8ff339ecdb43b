import { z } from 'zod'
import type { InputPort } from '../define-step'

/** Where the run of a step is recorded. */
export const recordedAs = {
  experiment: z
    .string()
    .min(1)
    .max(200)
    .optional()
    .meta({ title: 'Experiment', description: 'Where the run is recorded; by default named after the pipeline.' }),
  name: z.string().min(1).max(200).optional().meta({ title: 'Run name', description: 'By default the title of the step.' })
}

export const weightParameter = {
  weight: z.string().min(1).max(500).optional().meta({
    title: 'Weights',
    description: 'Column that says how much each row counts; by default the one that the training used.',
    format: 'column'
  })
}

/** The port for rows that something is settled on. */
export const rowsPort = (help: string) => ({ types: ['Table', 'FeatureSet'], help }) as const satisfies InputPort
