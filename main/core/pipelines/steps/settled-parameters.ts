import { z } from 'zod'
import { checkCountedRoles, countedByRole } from '../column-roles/counted-columns'
import { unknownTable, type TableFacts } from '../column-roles/table-facts'
import type { InputPort, StepProblem } from '../define-step'

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
    description: 'Column that says how much each row counts; by default the one that the training used, else the one with the role weight.',
    format: 'column'
  })
}

/** The port for rows that something is settled on. */
export const rowsPort = (help: string) => ({ types: ['Table', 'FeatureSet'], help }) as const satisfies InputPort

/** The weights that Data says the rows count by, where neither the step nor the training names some: frozen with the plan. */
export const weightByRole = {
  checkRoles: (asked: { weight?: string }, { rows }: { rows?: TableFacts }): StepProblem[] =>
    checkCountedRoles(asked, rows ?? unknownTable, ['weight']),
  freeze: async (asked: { weight?: string }, { tables }: { tables?: Record<string, TableFacts> }): Promise<{ weight?: string }> =>
    countedByRole(asked, tables?.rows ?? unknownTable, ['weight'])
}

/** The column that the rows count by: as the step says, else as the training counted, else as Data says. */
export const weightOf = (
  asked: { weight?: string },
  training: { weight?: string } | null,
  frozen: Record<string, unknown>
): string | undefined => asked.weight ?? training?.weight ?? (frozen.weight as string | undefined)
