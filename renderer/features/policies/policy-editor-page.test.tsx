import { act } from 'react'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { WorkbenchError } from '../../../main/model/errors'
import { renderWithHost, type RenderedScreen } from '../../host/testing'
import { keepPolicyText, policiesStore } from './policies-store'
import { newPolicyText } from './new-policy-text'
import { PolicyEditorPage } from './policy-editor-page'
import { Sha256 } from '../../../main/model/reference'

const summary = {
  name: 'floor',
  title: 'Floor',
  sha256: Sha256.parse('a'.repeat(64)),
  rules: 1,
  blocking: 1,
  tests: 1,
  testsPassed: 1,
  updatedAt: '2026-03-01T10:00:00.000Z'
}
const check = ({ text }: { text: string }) =>
  text.includes('broken')
    ? {
        problems: [{ severity: 'error' as const, path: 'rules.0.expression', message: 'It is not valid CEL.', line: 7, column: 3 }],
        tests: [
          { name: 'a good model', passed: false, differences: [{ rule: 'auc', expected: 'pass' as const, actual: 'error' as const }] }
        ]
      }
    : { problems: [], tests: [{ name: 'a good model', passed: true, differences: [] }] }

let screen: RenderedScreen

/** Each step ends before the next begins: the pause in typing, the answer of the check. */
async function typeAndWait(text: string): Promise<void> {
  await act(async () => keepPolicyText('floor', text))
  await screen.settle(300)
  await screen.settle(60)
}
beforeEach(() => policiesStore.setState({ texts: {} }))
afterEach(() => screen.unmount())

describe('the policy editor', () => {
  it('checks what is typed, shows place and differences, and saves the text', async () => {
    const saved: string[] = []
    screen = await renderWithHost(<PolicyEditorPage name="floor" />, {
      policies: {
        get: () => ({ summary, text: 'name: floor', problems: [], tests: [] }),
        check,
        save: ({ text }) => {
          saved.push(text)
          if (text.includes('broken')) throw new WorkbenchError('INVALID_INPUT', 'The policy has 1 problem. Mend it first.')
          return summary
        }
      }
    })
    await screen.settle(320)
    await screen.settle(60)
    expect(screen.text()).toContain('The policy is sound')
    expect(screen.find('button', 'Save new version').hasAttribute('disabled')).toBe(true)

    await typeAndWait('name: floor\nbroken')
    expect(screen.text()).toContain('7:3')
    expect(screen.text()).toContain('It is not valid CEL.')
    expect(screen.text()).toContain('auc: expected pass, got error')
    expect(screen.find('tab', /1 of 1 fail/)).toBeTruthy()
    await screen.click(screen.find('button', 'Save new version'))
    await screen.settle()
    expect(screen.find('alert', /was not saved/).textContent).toContain('Mend it first')
    expect(policiesStore.getState().texts['floor']).toBe('name: floor\nbroken')

    await typeAndWait('name: floor\ntitle: Floor')
    await screen.click(screen.find('button', 'Save new version'))
    await screen.settle()
    expect(saved.at(-1)).toBe('name: floor\ntitle: Floor')
    expect(policiesStore.getState().texts).toEqual({})
  })

  it('shows every saved version, what changed in it, and takes an older text back without saving it', async () => {
    const [newer, older] = [Sha256.parse('a'.repeat(64)), Sha256.parse('b'.repeat(64))]
    const texts = new Map([
      [newer, 'name: floor\nauc: 0.8'],
      [older, 'name: floor\nauc: 0.7']
    ])
    screen = await renderWithHost(<PolicyEditorPage name="floor" />, {
      policies: {
        get: () => ({ summary, text: texts.get(newer)!, problems: [], tests: [] }),
        check,
        versions: () => [
          { sha256: newer, savedAt: '2026-03-02T10:00:00.000Z', savedBy: 'Ada', current: true, gates: 1 },
          { sha256: older, savedAt: '2026-03-01T10:00:00.000Z', savedBy: 'Rui', current: false, gates: 2 }
        ],
        text: ({ sha256 }) => ({ text: texts.get(sha256)! })
      }
    })
    await screen.settle(320)
    await screen.click(screen.find('tab', 'Versions'))
    await screen.settle(60)
    const list = document.querySelector('[aria-label="Versions of the policy"]')!
    expect(list.textContent).toMatch(/aaaaaaaa.*In force.*by Ada, 1 gate.*bbbbbbbb.*by Rui, 2 gates/)
    await screen.click(list.querySelectorAll<HTMLElement>('li:first-child button')[1])
    await screen.settle(60)
    const changed = document.querySelector('[aria-label="Changed lines"]')!.textContent
    expect(changed).toContain('removed: auc: 0.7')
    expect(changed).toContain('added: auc: 0.8')
    await screen.click(screen.find('button', 'Close'))
    await screen.click(list.querySelectorAll<HTMLElement>('li:last-child button')[1])
    await screen.settle(60)
    await screen.click(screen.find('button', 'Take this text into the editor'))
    await screen.settle(60)
    expect(policiesStore.getState().texts['floor']).toBe('name: floor\nauc: 0.7')
    expect(screen.text()).toContain('Not saved')
  })

  it('starts a new policy from a text that has a passing and a failing test for each rule', async () => {
    screen = await renderWithHost(<PolicyEditorPage name={null} />, { policies: { check } })
    await screen.settle(320)
    await screen.settle(60)
    expect(screen.text()).toContain('New policy')
    expect(newPolicyText.match(/- id:/g)).toHaveLength(2)
    expect(screen.find('button', 'Save new version').hasAttribute('disabled')).toBe(false)
  })
})
