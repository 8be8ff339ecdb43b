import { act } from 'react'
import { afterEach, describe, expect, it } from 'vitest'
import { describeType } from '../../../main/core/pipelines/describe-type'
import { stepRegistry } from '../../../main/core/pipelines/steps'
import { checkPipeline } from '../../../main/core/pipelines/validate-pipeline'
import { datasetColumn, datasetDetail, datasetSummary, sampleTime } from '../../../main/testing/sample-datasets'
import { renderWithHost, type RenderedScreen } from '../../host/testing'
import { NewPipelineDialog } from './new-pipeline-dialog'

/** Each dataset with its columns; one with an asterisk has the role target in Data. */
const datasets: Record<string, readonly string[]> = {
  strikes: ['size', '*damage', 'cost'],
  flights: ['delay', '*late'],
  plain: ['a', 'b']
}
const columnsOf = (name: string) =>
  datasets[name].map((column) => datasetColumn(column.replace('*', ''), column.startsWith('*') ? 'target' : 'feature'))

let screen: RenderedScreen
let drafts: string[]
let answers: (() => void)[]
afterEach(async () => {
  for (const answer of answers) answer()
  await screen.unmount()
})

async function show(options: { isSlow?: boolean } = {}): Promise<void> {
  drafts = []
  answers = []
  screen = await renderWithHost(<NewPipelineDialog onClose={() => {}} />, {
    pipelines: {
      stepTypes: () => [...stepRegistry.values()].map(describeType),
      list: () => [],
      saveDraft: ({ yaml }) => {
        drafts.push(yaml)
        return { savedAt: sampleTime }
      }
    },
    datasets: {
      list: () => Object.keys(datasets).map((name) => datasetSummary(name)),
      get: async ({ ref }) => {
        if (options.isSlow) await new Promise<void>((resolve) => answers.push(resolve))
        return datasetDetail(ref, columnsOf(ref))
      }
    }
  })
  await screen.settle(60)
  await startFrom('Train and evaluate')
}

const field = (label: string): HTMLInputElement => {
  const found = document.querySelector<HTMLInputElement>(`input[aria-label="${label}"]`)
  if (!found) throw new Error(`There is no field "${label}".`)
  return found
}
const target = (): string => field('Column to predict').value
async function startFrom(title: string): Promise<void> {
  const label = [...document.querySelectorAll('label')].find((each) => each.textContent?.startsWith(title))
  await screen.click(label!.querySelector('input')!)
}
/** Writes as a keyboard does; a combobox tells that from what a program filled in. */
async function write(label: string, text: string): Promise<void> {
  const input = field(label)
  await act(async () => {
    input.focus()
    Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')?.set?.call(input, text)
    input.dispatchEvent(new InputEvent('input', { bubbles: true, inputType: 'insertText' }))
  })
  await screen.settle(60)
}
async function pick(label: string, choice: string): Promise<void> {
  await write(label, choice)
  await screen.click(screen.find('option', choice))
  await screen.settle(80)
}
/** The target of each step of the draft that was made last. */
async function create(): Promise<Record<string, unknown>> {
  await screen.click(screen.find('button', 'Create the pipeline'))
  await screen.settle(60)
  const { document } = checkPipeline(drafts.at(-1) ?? '', stepRegistry)
  return Object.fromEntries(
    (document?.steps ?? []).flatMap(({ id, parameters }) => (parameters?.['target'] ? [[id, parameters['target']]] : []))
  )
}

describe('the column to predict in a new pipeline', () => {
  it('is the one that has the role target in Data, and goes into the steps that need it', async () => {
    await show()
    expect(target()).toBe('')
    await pick('Dataset', 'strikes')
    expect(target()).toBe('damage')
    expect(await create()).toEqual({ quality: 'damage', train: 'damage' })
  })

  it('follows the dataset, and is open where no column has the role', async () => {
    await show()
    await pick('Dataset', 'strikes')
    await pick('Dataset', 'flights')
    expect(target()).toBe('late')
    await pick('Dataset', 'plain')
    expect(target()).toBe('')
    expect(await create()).toEqual({})
  })

  it('is another once a person chose it, until the dataset is another', async () => {
    await show()
    await pick('Dataset', 'strikes')
    await pick('Column to predict', 'cost')
    expect(target()).toBe('cost')
    expect(await create()).toEqual({ quality: 'cost', train: 'cost' })
    await pick('Dataset', 'flights')
    expect(target()).toBe('late')
  })

  it('stays as chosen when the same dataset is chosen again', async () => {
    await show()
    await pick('Dataset', 'strikes')
    await pick('Column to predict', 'cost')
    await write('Dataset', 'strike')
    await pick('Dataset', 'strikes')
    expect(target()).toBe('cost')
  })

  it('can be left out', async () => {
    await show()
    await pick('Dataset', 'strikes')
    await write('Column to predict', '')
    expect(target()).toBe('')
    expect(await create()).toEqual({})
  })

  it('is waited for: no draft is made before the columns of the dataset are there', async () => {
    await show({ isSlow: true })
    await pick('Dataset', 'strikes')
    await create()
    expect(drafts).toEqual([])
    for (const answer of answers) answer()
    await screen.settle(80)
    expect(target()).toBe('damage')
    expect(await create()).toEqual({ quality: 'damage', train: 'damage' })
  })
})
