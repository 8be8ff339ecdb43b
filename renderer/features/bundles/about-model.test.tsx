// @vitest-environment jsdom
import { afterEach, expect, it } from 'vitest'
import type { VerificationCheck } from '../../../main/model/bundle'
import { Sha256 } from '../../../main/model/reference'
import { renderPlain, type RenderedScreen } from '../../host/testing'
import { AboutModel, Contradiction } from './about-model'
import { aReport } from './a-report.fixture'
import type { BundleFile } from './file-tree'

let screen: RenderedScreen | undefined
afterEach(async () => screen?.unmount())

const [own, other] = ['a', 'b'].map((digit) => Sha256.parse(digit.repeat(64)))
const file = (path: string): BundleFile => ({ path, size: 1, state: 'verified', sha256: own })

it.each(['model/model.onnx', 'model/scorer.json'])('holds a document against the enclosed %s', async (path) => {
  const said = async (named: Sha256 | undefined) => {
    await screen?.unmount()
    screen = await renderPlain(<AboutModel what="This drawing is" named={named} files={[file('README.md'), file(path)]} />)
    return screen.text()
  }
  expect(await said(own)).toBe('')
  expect(await said(other)).toContain('about another model than the one in the bundle')
  expect(await said(undefined)).toContain('does not say which model it is about')
})

it('says what contradicts the model, and nothing where the verification found nothing', async () => {
  const { checks } = aReport('holds')
  screen = await renderPlain(<Contradiction checks={checks} />)
  expect(screen.text()).toBe('')
  await screen.unmount()
  const failed: VerificationCheck = {
    id: 'evidence',
    title: 'The evidence',
    status: 'fail',
    detail: 'evidence/decision.json says something else.',
    files: []
  }
  screen = await renderPlain(<Contradiction checks={[...checks.filter(({ id }) => id !== 'evidence'), failed]} />)
  expect(screen.text()).toBe('Do not rely on what is shown here. evidence/decision.json says something else.')
})
