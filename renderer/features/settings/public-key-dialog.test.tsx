import { afterEach, expect, it } from 'vitest'
import { WorkbenchError } from '../../../main/model/errors'
import { PersonId, Sha256 } from '../../../main/model/reference'
import type { Person } from '../../../main/model/workspace'
import { uuidOf } from '../../../main/testing/sample-runs'
import { renderWithHost, type RenderedScreen } from '../../host/testing'
import { PeopleTab } from './people-tab'

const fingerprint = Sha256.parse('0123456789abcdef'.repeat(4))
const person = (name: string, current: boolean): Person => ({
  ...{ id: PersonId.parse(uuidOf(name)), name, title: '', email: '', roles: ['reviewer'], demo: false, current },
  ...{ createdAt: '2026-03-01T10:00:00.000Z', keys: [] }
})
const [ada, rui] = [person('Ada', true), person('Rui', false)]

let screen: RenderedScreen
afterEach(() => screen.unmount())

async function open(publicKeyFile: (input: { path: string }) => { fingerprint: Sha256; holder: string | null }): Promise<unknown[]> {
  const added: unknown[] = []
  screen = await renderWithHost(
    <PeopleTab />,
    {
      people: {
        list: () => [ada, rui],
        publicKeyFile,
        addPublicKey: (input) => {
          added.push(input)
          return rui
        }
      }
    },
    { openFiles: () => Promise.resolve(['chosen:t:/rui.pub.pem']) }
  )
  await screen.settle()
  await screen.click(screen.find('button', 'Take in a public key'))
  await screen.click(screen.find('button', 'Choose'))
  await screen.settle()
  return added
}
const take = () => screen.find('button', 'Take in the key') as HTMLButtonElement

it('shows the fingerprint of the file that was chosen, and the key counts only once it was compared', async () => {
  const added = await open(() => ({ fingerprint, holder: null }))
  expect(screen.text()).toContain('01234567 89abcdef 01234567')
  await screen.click(take())
  expect(added).toEqual([])
  expect(screen.text()).toContain('Compare the fingerprint with Rui first.')
  await screen.click(document.querySelector('[role=dialog] [role=checkbox]') as HTMLElement)
  await screen.click(take())
  await screen.settle()
  expect(added).toEqual([{ id: rui.id, path: 'chosen:t:/rui.pub.pem', fingerprint }])
})

it('takes in no key of somebody else', async () => {
  await open(() => ({ fingerprint, holder: 'Vera' }))
  expect(screen.text()).toContain('This key belongs to Vera already.')
  expect(take().disabled).toBe(true)
})

it('takes in no file without a public key and says what is wrong with it', async () => {
  await open(() => {
    throw new WorkbenchError('INVALID_INPUT', '"rui.pub.pem" holds a private key. No key was added.')
  })
  await screen.shows('holds a private key')
  expect(take().disabled).toBe(true)
})
