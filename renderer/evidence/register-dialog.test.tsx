import { afterEach, describe, expect, it } from 'vitest'
import { WorkbenchError } from '../../main/model/errors'
import { renderWithHost, type RenderedScreen } from '../host/testing'
import { RegisterDialog } from './register-dialog'
import { runDetail } from '../../main/testing/sample-runs'

const run = { ...runDetail('boosted'), gate: 'pass' as const }

let screen: RenderedScreen
afterEach(() => screen.unmount())

describe('registering a run', () => {
  it('is done once, however often one clicks, and keeps what was typed when it fails', async () => {
    const asked: string[] = []
    let answer: () => void = () => {}
    screen = await renderWithHost(<RegisterDialog run={run} onClose={() => {}} />, {
      models: {
        list: () => [],
        register: async ({ name }) => {
          asked.push(name)
          await new Promise<void>((resolve) => (answer = resolve))
          throw new WorkbenchError('CONFLICT', 'The name is taken by a retired model. Choose another name.')
        }
      }
    })
    await screen.settle()
    const field = document.querySelector<HTMLInputElement>('[role=dialog] input')!
    const button = screen.find('button', 'Register')
    await screen.click(button)
    expect(screen.text()).toContain('Give the model a name.')
    expect(asked).toEqual([])
    await screen.type(field, 'strike')
    await screen.type(document.querySelector<HTMLTextAreaElement>('[role=dialog] textarea')!, 'Ranks strikes.')
    for (let click = 0; click < 3; click++) await screen.click(button)
    await screen.settle(60)
    expect(asked).toEqual(['strike'])
    answer()
    await screen.settle(60)
    expect(screen.text()).toContain('The name is taken by a retired model')
    expect(field.value).toBe('strike')
    expect(document.querySelector<HTMLTextAreaElement>('[role=dialog] textarea')!.value).toBe('Ranks strikes.')
    await screen.click(button)
    await screen.settle(60)
    expect(asked).toEqual(['strike', 'strike'])
    answer()
    await screen.settle(60)
  })

  it('without a gate that passed makes a draft without gate, and only when that is ticked', async () => {
    const asked: unknown[] = []
    screen = await renderWithHost(<RegisterDialog run={{ ...run, gate: 'fail' }} onClose={() => {}} />, {
      models: {
        list: () => [],
        register: ({ withoutGate }) => {
          asked.push(withoutGate)
          throw new WorkbenchError('CONFLICT', 'The name is taken by a retired model. Choose another name.')
        }
      }
    })
    await screen.settle()
    await screen.type(document.querySelector<HTMLInputElement>('[role=dialog] input')!, 'strike')
    await screen.click(screen.find('button', 'Register'))
    await screen.settle(60)
    expect([asked, screen.text().includes('Tick it to register without a gate.')]).toEqual([[], true])
    await screen.click(document.querySelector('[role=dialog] [role=checkbox]')!)
    await screen.click(screen.find('button', 'Register'))
    await screen.settle(60)
    expect(asked).toEqual([true])
  })
})
