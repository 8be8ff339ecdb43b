// @vitest-environment jsdom
import { afterEach, expect, it } from 'vitest'
import { renderPlain, type RenderedScreen } from '../host/testing'
import { IndependenceNote } from '.'
import { Sha256 } from '../../main/model/reference'

let screen: RenderedScreen | undefined
afterEach(async () => {
  await screen?.unmount()
  screen = undefined
})

const digest = (letter: string): Sha256 => Sha256.parse(letter.repeat(64))
const subject = { model: digest('a'), rows: digest('b'), split: 'test', trainingRows: digest('c') }
const rows = { read: 1000, withoutTarget: 0, judged: 1000, positives: 500, negatives: 500 }
const show = async (own: object, rowsShared: number | null): Promise<RenderedScreen> => {
  await screen?.unmount()
  return (screen = await renderPlain(<IndependenceNote evaluation={{ subject: { ...subject, ...own }, rowsShared, rows }} />))
}

it('says in red what the training had too, and nothing where it had nothing', async () => {
  expect((await show({}, 0)).text()).toBe('')
  const same = (await show({ trainingRows: subject.rows }, 1000)).find('alert', /./)
  expect([same.textContent, same.className]).toEqual([expect.stringContaining('was trained on'), expect.stringContaining('text-error')])
  expect((await show({}, 3)).find('alert', /./).textContent).toContain('3 of the judged rows (0.3%)')
  expect((await show({ trainingRows: null }, null)).find('status', /./).className).not.toContain('text-error')
})
