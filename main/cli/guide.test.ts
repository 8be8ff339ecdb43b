import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { runCli } from './program'

async function guide(...argv: string[]): Promise<{ code: number; out: string; err: string }> {
  let [out, err] = ['', '']
  const code = await runCli(['guide', ...argv], { out: (text) => (out += text), err: (text) => (err += text) })
  return { code, out, err }
}

it('lists its topics, prints one, and finds where words stand', async () => {
  const list = await guide('--json')
  const { items, total } = JSON.parse(list.out) as { items: { topic: string; title: string }[]; total: number }
  expect(items).toHaveLength(total)
  expect(items).toContainEqual(expect.objectContaining({ topic: 'script-steps', title: 'Script steps' }))
  expect((await guide()).out).toContain('reference/steps')
  expect((await guide('script-steps')).out).toMatch(/^# Script steps\n/)
  expect(JSON.parse((await guide('errors', '--json')).out)).toMatchObject({
    topic: 'reference/errors',
    text: expect.stringContaining('INVALID_INPUT')
  })
  const found = await guide('--find', 'DRYDOCK_SEED', '--json')
  expect(JSON.parse(found.out)).toMatchObject({ items: expect.arrayContaining([expect.objectContaining({ topic: 'script-steps' })]) })
})

it('says which topic was perhaps meant, and ends as not found', async () => {
  const { code, err } = await guide('scirpt-steps')
  expect(code).toBe(3)
  expect(err).toContain('Did you mean "script-steps"?')
  expect(JSON.parse((await guide('scirpt-steps', '--json')).out)).toMatchObject({
    error: { code: 'NOT_FOUND', details: { suggestions: ['script-steps'] } }
  })
})

it('is read where there is no home that could be written to', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'no-home-'))
  writeFileSync(join(folder, 'file'), '')
  const before = process.env.DRYDOCK_USER_DIR
  process.env.DRYDOCK_USER_DIR = join(folder, 'file', 'home')
  try {
    expect((await guide('steps')).code).toBe(0)
  } finally {
    if (before === undefined) delete process.env.DRYDOCK_USER_DIR
    else process.env.DRYDOCK_USER_DIR = before
    rmSync(folder, { recursive: true })
  }
})
