import { promises as fs } from 'node:fs'
import { trainedModelSchema, type TrainedModel } from '../../../model/training'

/**
 * The record of one of our trainers beside a model, `training.json`. Null when there is none or it is of another form, as a program writes
 * it that keeps a record of its own.
 */
export async function readTrainingRecord(path: string | undefined): Promise<TrainedModel | null> {
  if (path === undefined) return null
  try {
    return trainedModelSchema.safeParse(JSON.parse(await fs.readFile(path, 'utf8'))).data ?? null
  } catch (error) {
    if (error instanceof SyntaxError) return null
    throw error
  }
}
