import { afterEach, expect, it } from 'vitest'
import { PersonId, Sha256 } from '../../main/model/reference'
import type { Person } from '../../main/model/workspace'
import { uuidOf } from '../../main/testing/sample-runs'
import { renderWithHost, type RenderedScreen } from '../host/testing'
import { ActAsDialog, takesPassphrase } from './act-as-dialog'

const aPerson = (name: string, change: Partial<Person> = {}): Person => ({
  id: PersonId.parse(uuidOf(name)),
  name,
  title: '',
  email: '',
  roles: ['author'],
  demo: false,
  current: false,
  createdAt: '2026-03-01T10:00:00.000Z',
  keys: [],
  ...change
})
const key = {
  fingerprint: Sha256.parse('a'.repeat(64)),
  publicPem: '',
  createdAt: '2026-03-01T10:00:00.000Z',
  usable: true,
  privateKeyPath: null
}
let screen: RenderedScreen
afterEach(() => screen?.unmount())

async function open(person: Person) {
  const asked: object[] = []
  let closed = 0
  screen = await renderWithHost(<ActAsDialog person={person} onClose={() => closed++} />, {
    people: {
      createKey: (input) => (asked.push(input), { ...person, keys: [key] }),
      use: (input) => (asked.push(input), { ...person, current: true, unlocked: true })
    }
  })
  await screen.settle()
  return { asked, closed: () => closed }
}
const field = (index: number) => document.querySelectorAll<HTMLInputElement>('[role=dialog] input')[index]

it('asks for the passphrase once, not for somebody who is alone without a key', async () => {
  const ben = aPerson('Ben', { keys: [key] })
  expect([takesPassphrase(ben, [ben]), takesPassphrase(aPerson('Ada'), [aPerson('Ada')]), takesPassphrase(aPerson('Ada'), [ben])]).toEqual([
    true,
    false,
    true
  ])
  const { asked, closed } = await open(ben)
  await screen.click(screen.find('button', 'Take over'))
  expect([asked, screen.text()]).toEqual([[], expect.stringContaining('Type the passphrase of the key.')])
  await screen.type(field(0), 'low water springs')
  await screen.click(screen.find('button', 'Take over'))
  await screen.settle()
  expect([asked, closed()]).toEqual([[{ id: ben.id, passphrase: 'low water springs' }], 1])
})

it('makes the first key of somebody who has none, who then takes over', async () => {
  const ben = aPerson('Ben')
  const { asked } = await open(ben)
  await screen.type(field(0), 'aaaaaaaaaaaa')
  await screen.click(screen.find('button', 'Make the key'))
  expect(screen.text()).toContain('different characters')
  await screen.type(field(0), 'low water springs')
  await screen.type(field(1), 'low water springs')
  await screen.click(screen.find('button', 'Make the key'))
  await screen.settle()
  const proof = { id: ben.id, passphrase: 'low water springs' }
  expect(asked).toEqual([proof, proof])
})

it('says where the private key is not on this machine', async () => {
  await open(aPerson('Ben', { keys: [{ ...key, usable: false }] }))
  expect(screen.text()).toContain('The private key of Ben is not on this machine.')
})
