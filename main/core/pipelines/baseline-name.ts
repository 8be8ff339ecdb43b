import { chosenIn, tabularPipeline, type TabularChoices } from '../../../resources/templates/tabular'
import type { BaselineAgain } from '../../model/baseline'
import { identifierFor, type PipelineDocument, type PipelineSummary } from '../../model/pipeline'
import type { Models } from '../models'
import type { Policies } from '../policies'
import { inTurns } from './pieces'
import { readPipeline } from './pipeline-document'
import type { Pipelines } from './pipelines'

/** Where names are taken: one name is that of pipeline, policy and model. */
export interface TakenNames {
  readonly pipelines: Pick<Pipelines, 'list' | 'get'>
  readonly policies: Pick<Policies, 'list'>
  readonly models: Pick<Models, 'list'>
}

/**
 * The name of a first model, and what stands under it: the pipeline that an earlier baseline of this dataset and target made, else a free
 * name. What somebody else made, and edits that are not saved as a version, are left alone.
 */
export async function nameOf(
  choices: Omit<TabularChoices, 'name'>,
  { pipelines, policies, models }: TakenNames
): Promise<{ name: string; again: BaselineAgain | null }> {
  const title = `${choices.dataset} baseline`
  const standing = pipelines.list()
  const policyNames = (await policies.list()).map(({ name }) => name)
  const series = identifierFor(title, new Set(), 'baseline')
  const candidates = standing.filter(({ name, version, hasDraft }) => version !== null && !hasDraft && isOfSeries(name, series))
  for (const summary of candidates) {
    const own = await ownVersions(summary, choices, pipelines)
    if (own) return { name: summary.name, again: { ...own, keepsPolicy: policyNames.includes(summary.name) } }
  }
  const taken = [...standing, ...pipelines.list({ removed: true }), ...models.list()].map(({ name }) => name)
  return { name: identifierFor(title, new Set([...taken, ...policyNames]), 'baseline'), again: null }
}

const isOfSeries = (name: string, first: string): boolean =>
  name === first || (name.startsWith(`${first}-`) && /^\d+$/.test(name.slice(first.length + 1)))

/** Null for a pipeline whose first version no baseline of this dataset and target wrote. */
async function ownVersions(
  { name, versions }: PipelineSummary,
  choices: Omit<TabularChoices, 'name'>,
  pipelines: TakenNames['pipelines']
): Promise<Omit<BaselineAgain, 'keepsPolicy'> | null> {
  const present = await pipelines.get(name)
  const first = await pipelines.get(name, present.history.at(-1)!.sha256)
  const text = tabularPipeline({ ...choices, name })
  const { document: made } = await inTurns(readPipeline(text))
  if (!made || !first.check.document || !isSameWork(first.check.document, made)) return null
  return {
    versions,
    isSame: present.yaml === text,
    isEdited: present.check.document === null || present.yaml !== asWritten(present.check.document, choices)
  }
}

const said = ({ steps }: PipelineDocument, id: string, parameter: string): unknown =>
  steps.find((step) => step.id === id)?.parameters?.[parameter]

/** The same steps for the same dataset, target and model. The event and the columns that divide the rows may have changed since. */
function isSameWork(one: PipelineDocument, other: PipelineDocument): boolean {
  const steps = ({ steps: all }: PipelineDocument): string => all.map(({ id, type }) => `${id} ${type}`).join()
  const named = [
    ['data', 'dataset'],
    ['train', 'target'],
    ['register', 'name']
  ] as const
  return steps(one) === steps(other) && named.every(([id, parameter]) => said(one, id, parameter) === said(other, id, parameter))
}

/** The text that a baseline writes for the choices which a document holds: a person changed what differs from it. */
const asWritten = ({ name, steps }: PipelineDocument, { dataset, target }: Omit<TabularChoices, 'name'>): string =>
  tabularPipeline({ name, dataset, target, ...chosenIn(steps) })
