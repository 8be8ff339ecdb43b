import { WorkbenchError } from '../errors'

/** The kinds of prediction that the workbench knows. */
export const taskNames = ['binary'] as const
export type TaskName = (typeof taskNames)[number]

/**
 * The task that a document names; one without a name is binary, and a signature says it in more words (`binary-classification`).
 * @throws WorkbenchError UNSUPPORTED for a task that this version does not know
 */
export function taskNameOf(name: string | undefined): TaskName {
  if (name === undefined) return 'binary'
  const known = taskNames.find((each) => name === each || name === `${each}-classification`)
  if (known) return known
  throw new WorkbenchError(
    'UNSUPPORTED_VERSION',
    `The task "${name}" is not known here; it may come from a newer version of Drydock. Open it with that version.`
  )
}
