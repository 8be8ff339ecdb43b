import { isDeepStrictEqual } from 'node:util'
import { stringify } from 'yaml'
import { z } from 'zod'
import { commands } from '../core/all-commands'
import { WorkbenchError } from '../model/errors'
import { exportWarnings } from '../model/export-warnings'
import { ModelName, RiskTier, type ModelPurpose, type ModelVersion } from '../model/registry'
import type { CommandBody } from './command'
import { descriptionParts } from './description-parts'
import { readDocumentFile } from './document-file'
import { missingLines } from './model-words'
import { modelNamed, nameOf } from './named-model'
import { inWorkspace } from './workspace-client'

const text = (part: keyof typeof descriptionParts) => z.string().max(20_000).optional().describe(descriptionParts[part].meaning)

/** What people write about a model, as a YAML document. Version 1; what is left out stays as it is. */
export const ModelDescription = z.strictObject({
  schema: z.literal('drydock.model-description'),
  version: z.literal(1),
  name: ModelName.describe('The model that it is about.'),
  purpose: text('purpose'),
  intendedUse: text('intendedUse'),
  outOfScope: text('outOfScope'),
  limitations: text('limitations'),
  owner: text('owner'),
  riskTier: RiskTier.optional().describe(descriptionParts.riskTier.meaning)
})

function readTier(given: unknown): ModelPurpose['riskTier'] | undefined {
  const tier = RiskTier.optional().safeParse(given)
  if (tier.success) return tier.data
  throw new WorkbenchError('INVALID_INPUT', `--risk-tier is ${RiskTier.options.join(', ')}, not "${String(given)}". Nothing was changed.`)
}

/** What the file and the options say; the options go before. */
function readGiven(file: string | undefined, model: string, given: Record<string, unknown>): Partial<ModelPurpose> {
  const document = file === undefined ? undefined : readDocumentFile(file, ModelDescription, 'a description of a model')
  if (document && document.name !== model)
    throw new WorkbenchError(
      'INVALID_INPUT',
      `"${file}" describes the model "${document.name}", and "${model}" was named. Nothing was changed. Correct the one or the other.`
    )
  const { schema: _schema, version: _version, name: _name, ...said } = document ?? {}
  const typed = { ...given, riskTier: readTier(given.riskTier) }
  const chosen = Object.keys(descriptionParts).flatMap((key) => {
    const value = typed[key as keyof typeof typed] ?? said[key as keyof typeof said]
    return value === undefined ? [] : [[key, value]]
  })
  return Object.fromEntries(chosen) as Partial<ModelPurpose>
}

const documentOf = ({ name, purpose }: Pick<ModelVersion, 'name' | 'purpose'>): string =>
  stringify({ schema: 'drydock.model-description', version: 1, name, ...purpose }, { lineWidth: 0 })

/** `model describe`. */
export const describeModel: CommandBody = (context, [reference, file], given) =>
  inWorkspace(context, given.workspace, async (workspace) => {
    const found = await modelNamed(workspace, reference)
    const { name, version } = found
    const said = readGiven(file, name, given)
    const isAsked = file === undefined && Object.keys(said).length === 0
    const purpose = { ...found.purpose, ...said }
    const isSame = isDeepStrictEqual(purpose, found.purpose)
    const now = isSame ? found : await workspace.do(commands.models.setPurpose, { name, version, purpose })
    if (isAsked) for (const line of missingLines(found, given.workspace)) context.output.note(line)
    const done = isSame ? `${nameOf(now)} is described so already.` : `Described ${nameOf(now)}: ${Object.keys(said).join(', ')}.`
    context.output.result(
      { name, version, purpose: now.purpose, changed: !isSame, warnings: exportWarnings(now) },
      isAsked ? documentOf(now) : [done, ...missingLines(now, given.workspace)]
    )
  })
