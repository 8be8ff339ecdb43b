import { promises as fs } from 'node:fs'
import { z } from 'zod'
import { Sha256 } from '../../../model/reference'
import { trainedModelSchema, type TrainedModel } from '../../../model/training'

/**
 * The record of one of our trainers beside a model, `training.json`. Null when there is none or it is of another form, as a program writes
 * it that keeps a record of its own.
 */
export async function readTrainingRecord(path: string | undefined): Promise<TrainedModel | null> {
  return trainedModelSchema.safeParse(await readJson(path)).data ?? null
}

const declaration = z.object({ trainingTable: z.object({ sha256: Sha256 }) })

/** The table that a model learned from, as the `training.json` beside it says, whatever else stands there; null when it says nothing. */
export async function declaredTrainingTable(path: string | undefined): Promise<Sha256 | null> {
  return declaration.safeParse(await readJson(path)).data?.trainingTable.sha256 ?? null
}

/** Undefined for no file and for one that is no JSON. */
async function readJson(path: string | undefined): Promise<unknown> {
  if (path === undefined) return undefined
  const text = await fs.readFile(path, 'utf8')
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
