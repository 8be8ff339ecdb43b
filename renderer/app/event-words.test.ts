import { describe, expect, it } from 'vitest'
import { everyCommand } from '../../main/core/all-commands'
import { describeEvent } from '../features/overview/describe-event'
import { eventWords } from './areas'

const event = (action: string, detail: Record<string, unknown>) =>
  describeEvent({ index: 0, at: '', actor: 'Ada', action, subject: `run:${'a'.repeat(32)}`, detail, previous: '', hash: '' }, eventWords)

const actions = [...everyCommand.values()].flatMap(({ event: action }) => (typeof action === 'string' ? [action] : []))

describe('events in words', () => {
  it.each([...new Set(actions)])('%s has words', (action) => {
    expect(event(action, {})).not.toContain(action)
  })
  it('takes what it says from the new value, and from the detail of older records', () => {
    expect(event('gate.evaluated', { before: { outcome: 'pass' }, after: { outcome: 'fail' } })).toMatch(/: fail$/)
    expect(event('gate.evaluated', { outcome: 'pass' })).toMatch(/: pass$/)
    expect(event('person.created', { before: null, after: { name: 'Ada' } })).toBe('Person added, Ada')
  })
})
