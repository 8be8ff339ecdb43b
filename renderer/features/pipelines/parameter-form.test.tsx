import { afterEach, expect, it } from 'vitest'
import { describeType } from '../../../main/core/pipelines/describe-type'
import { stepRegistry } from '../../../main/core/pipelines/steps'
import { Sha256 } from '../../../main/model/reference'
import { renderWithHost, type RenderedScreen } from '../../host/testing'
import { ParameterForm } from './parameter-form'

let screen: RenderedScreen | undefined
afterEach(() => screen?.unmount())

it('writes a policy inside of the gate step, where there is none to pick, and picks it', async () => {
  const changes: unknown[] = []
  const saved = { title: '', sha256: Sha256.parse('a'.repeat(64)), rules: 8, blocking: 7, tests: 3, testsPassed: 3, updatedAt: '' }
  const form = (
    <ParameterForm
      step={{ id: 'gate', type: 'gate' }}
      type={describeType(stepRegistry.get('gate')!)}
      problems={[]}
      declared={[]}
      onChange={(key, value) => changes.push([key, value])}
    />
  )
  screen = await renderWithHost(form, {
    policies: {
      list: () => [],
      template: ({ name }) => ({ text: `name: ${name}` }),
      save: ({ text }) => ({ ...saved, name: text.slice('name: '.length) })
    }
  })
  await screen.shows('There is no policy yet.')
  await screen.click(screen.find('button', 'Write a policy'))
  await screen.settle(80)
  expect(changes).toEqual([['policy', 'model-policy']])
})
