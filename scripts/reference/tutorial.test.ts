import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { runCli } from '../../main/cli/program'
import { Random } from '../../main/core/numerics'
import { readGuide } from '../../main/core/guide'

/** Everything of the reader's own: a folder, a home, and a table that nobody prepared for the program. */
const root = mkdtempSync(join(tmpdir(), 'tutorial-'))
const before = process.cwd()
const environment = { DRYDOCK_USER_DIR: join(root, 'home'), DRYDOCK_PASSPHRASE: 'a passphrase of the reader' }

/** Loans of which some default, by amount, income and purpose; with a day, missing values and a number of the case, as such tables have them. */
function writeLoans(): void {
  const source = new Random(11)
  const random = (): number => source.uniform()
  const purposes = ['car', 'house', 'debt', 'other']
  const rows = Array.from({ length: 900 }, (_, row) => {
    const [amount, income, purpose] = [
      500 + Math.floor(random() * 40) * 500,
      18_000 + Math.floor(random() * 70) * 1000,
      purposes[Math.floor(random() * 4)]!
    ]
    const odds = -2 + amount / 5000 - income / 25_000 + (purpose === 'debt' ? 2 : 0)
    const defaulted = random() < 1 / (1 + Math.exp(-odds))
    const issued = new Date(Date.UTC(2023, 0, 1 + Math.floor(row / 2))).toISOString().slice(0, 10)
    return [`L${row + 1}`, issued, amount, row % 50 === 0 ? '' : income, purpose, defaulted ? 'yes' : 'no'].join(',')
  })
  writeFileSync(join(root, 'loans.csv'), ['loan id,issued,amount,income,purpose,defaulted', ...rows, ''].join('\n'))
}

beforeAll(() => {
  Object.assign(process.env, environment)
  writeLoans()
  process.chdir(root)
})
afterAll(() => {
  process.chdir(before)
  for (const name of Object.keys(environment)) delete process.env[name]
  rmSync(root, { recursive: true, force: true })
})

async function drydock(words: readonly string[]): Promise<{ code: number; out: string; err: string }> {
  let [out, err] = ['', '']
  const code = await runCli([...words], { out: (text) => (out += text), err: (text) => (err += text) })
  return { code, out, err }
}

const words = (line: string): string[] => [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain!)

it('leads from a table to a bundle that verifies, command by command, with the exit codes that it says', async () => {
  const tutorial = readGuide().find(({ topic }) => topic === 'tutorial')!.text
  const blocks = [...tutorial.matchAll(/^```(sh|yaml)\n([\s\S]*?)^```/gm)].map(([, language, text]) => ({ language, text: text! }))
  const done: string[] = []
  for (const { language, text } of blocks) {
    if (language === 'yaml') {
      // A line to change: its key stands once in the file that the text names.
      const file = join(root, 'lab', 'pipelines', 'tabular.yaml')
      const [key] = text.split(':')
      const old = readFileSync(file, 'utf8')
      expect(old.match(new RegExp(`^ +${key}: .+$`, 'gm'))).toHaveLength(1)
      writeFileSync(file, old.replace(new RegExp(`${key}: .+`), text.trim()))
      continue
    }
    for (const line of text.trim().split('\n')) {
      const [command, expected = '0'] = line.split(/\s+# exit code /)
      if (!command!.startsWith('drydock ')) {
        execFileSync('sh', ['-c', command!], { cwd: root })
        continue
      }
      const runs = /RUN\d/.test(command!)
        ? (JSON.parse((await drydock(['runs', '-w', 'lab', '--json'])).out) as { items: { id: string }[] }).items
        : []
      const given = words(command!.replace(/RUN(\d)/g, (_, number) => runs[Number(number) - 1]!.id.slice(0, 8)))
      const { code, out, err } = await drydock(given.slice(1))
      expect(`${command!}: ${code}\n${code === Number(expected) ? '' : out + err}`).toBe(`${command!}: ${expected}\n`)
      done.push(`${given.slice(1, 3).join(' ')}\n${out}`)
    }
  }
  const said = (beginning: string): string[] => done.filter((each) => each.startsWith(beginning))
  expect(said('init lab')[0]).toContain('defaulted = yes')
  expect(said('models')[0]).toMatch(/tabular@1 +draft +[0-9a-f]{8} +passed/)
  expect(said('runs')[1]).toMatch(/gradient-boosting[\s\S]*logistic-regression|logistic-regression[\s\S]*gradient-boosting/)
  expect(said('experiment compare')[0]).toMatch(/AUC|auc/)
  expect(said('verify').map((each) => /\n(\w+):/.exec(each)?.[1])).toEqual(['HOLDS', 'INSUFFICIENT', 'ALTERED', 'HOLDS', 'INSUFFICIENT'])
})
