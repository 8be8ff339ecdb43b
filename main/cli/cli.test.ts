import { execFileSync } from 'node:child_process'
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createApplication } from '../core/application'
import type { SampleResult } from '../core/sample'
import { runCli } from './program'

/** Runs one command line in this process, as the built program would. */
async function drydock(
  ...argv: string[]
): Promise<{ code: number; out: string; err: string; json: () => Record<string, unknown> & unknown[] }> {
  let out = ''
  let err = ''
  const code = await runCli(argv, { out: (text) => (out += text), err: (text) => (err += text) })
  return { code, out, err, json: () => JSON.parse(out) }
}

const here = dirname(fileURLToPath(import.meta.url))
const root = mkdtempSync(join(tmpdir(), 'drydock-cli-'))
const sample = join(root, 'sample')
const bundle = join(sample, 'exports', 'strike-damage-1.drydock')
const publicKey = join(sample, 'exports', 'signer.pub.pem')
const reviewerKey = join(root, 'reviewer.pem')
const reviewerPublic = join(root, 'reviewer.pub.pem')

let made: Awaited<ReturnType<typeof drydock>>
beforeAll(async () => {
  process.env.DRYDOCK_USER_DIR = join(root, 'user')
  made = await drydock('sample', sample)
  if (made.code !== 0 || !made.out.includes('Done in')) throw new Error(`the sample could not be made: ${made.err}${made.out}`)
})
afterAll(() => {
  delete process.env.DRYDOCK_USER_DIR
  delete process.env.DRYDOCK_PASSPHRASE
  rmSync(root, { recursive: true, force: true })
})

describe('drydock', () => {
  it('sample leaves bundle, public key and report, and going on with it changes nothing', async () => {
    for (const file of [bundle, publicKey, join(sample, 'exports', 'strikes-quality.html')]) expect(existsSync(file)).toBe(true)
    const before = readFileSync(bundle)
    const { figures, intervals } = (await drydock('sample', sample, '--json')).json() as unknown as SampleResult
    expect(intervals.auc.low).toBe(figures.auc_lower)
    const said = made.out.split('\n').filter((line) => /^ {2}(AUC|Accuracy|Recall|Brier skill) {2}/.test(line))
    expect(said).toHaveLength(4)
    for (const line of said) expect(line).toMatch(/ 0[.]\d{4} \(95%: 0[.]\d{4} to 0[.]\d{4}\)$/)
    expect(readFileSync(bundle).equals(before)).toBe(true)
    expect((await drydock('runs', '-w', sample, '--json')).json()).toMatchObject({ total: 2 })
  })

  it('the same job in another workspace gives the same data, splits and models, byte for byte', async () => {
    const again = join(root, 'again')
    expect((await drydock('sample', again)).code).toBe(0)
    const digests = async (workspace: string): Promise<unknown> => {
      const query = "SELECT 'model' AS what, sha256 FROM ledger.models UNION SELECT role, sha256 FROM ledger.run_inputs ORDER BY 1, 2"
      return (await drydock('sql', '-w', workspace, query, '--json')).json().rows
    }
    const first = (await digests(sample)) as [string, string][]
    expect(first.map(([what]) => what)).toEqual(['dataset', 'model', 'test', 'train'])
    expect(await digests(again)).toEqual(first)
  })

  it('wrong usage ends with 2 and says what is wrong', async () => {
    for (const argv of [
      ['nonsense'],
      ['init'],
      ['import', 'x.csv'],
      ['verify', bundle, '--approvals', '0'],
      ['verify', bundle, '--gate', 'fail'],
      ['verify', bundle, '--stage', 'draft'],
      ['countersign', bundle, '--key', 'k', '--decision', 'maybe', '--statement', 's'],
      ['verify', bundle, '--key', publicKey, '--key', publicKey],
      ['runs', '-w', sample, '-w', sample],
      ['runs', '-w', sample, '--bogus'],
      ['models', '-w', sample, 'too', 'many'],
      ['sql', '-w', sample, 'SELECT 1', '--limit', 'many'],
      ['run', '-w', sample, 'strike-damage', '--param', 'noequals'],
      ['run', '-w', sample, 'strike-damage', '--param', 'trees=1', '--param', 'trees=2'],
      ['run', '-w', sample, 'strike-damage', '--param', 'bogus=1'],
      ['run', '-w', sample, 'strike-damage', '--param', 'trees=some'],
      ['keygen', '--out', reviewerKey, '--public-out', reviewerKey]
    ]) {
      const plain = await drydock(...argv)
      expect({ argv, code: plain.code, out: plain.out }).toEqual({ argv, code: 2, out: '' })
      expect(plain.err).not.toBe('')
      const asJson = await drydock(...argv, '--json')
      expect({ argv, code: asJson.code, err: asJson.err }).toEqual({ argv, code: 2, err: '' })
      expect(asJson.json()).toMatchObject({ error: { code: 'INVALID_INPUT', message: expect.stringMatching(/./) } })
    }
    expect(existsSync(reviewerKey)).toBe(false)
  })

  it('help says what each command must be given, and the exit codes', async () => {
    const program = await drydock('--help')
    expect(program).toMatchObject({ code: 0, err: '' })
    expect(program.out).toMatch(/Exit codes: 0 done, 1 .*, 2 wrong usage, 3 failed/)
    const names = [...program.out.matchAll(/^ {2}([a-z]+) (?:.*?<|\[options\])/gm)].map((match) => match[1])
    expect(names).toEqual(
      expect.arrayContaining(['init', 'sample', 'import', 'sql', 'profile', 'run', 'runs', 'models', 'keygen', 'export', 'verify'])
    )
    for (const name of names) expect((await drydock('help', name)).out, name).toMatch(/--json +print one JSON document/)
    expect((await drydock('export', '--help')).out).toContain(
      'drydock export -w <dir> --key <key.pem> --out <path> [options] <model@version>'
    )
  })

  it('run takes parameters and a target', async () => {
    const changed = await drydock('run', '-w', sample, 'strike-damage', '--param', 'trees=20', '--target', 'train', '--json')
    expect(changed.code).toBe(0)
    expect(changed.json()).toMatchObject({ parameters: { trees: 20 }, targetStep: 'train', state: 'succeeded' })
    const { steps } = changed.json() as unknown as { steps: { stepId: string; cached: boolean }[] }
    expect(steps.at(-1)).toMatchObject({ stepId: 'train', cached: false })
    expect((await drydock('run', '-w', sample, 'strike-damage', '--target', 'nowhere')).code).toBe(3)
  })

  it('prints a table of any length', async () => {
    const { code, out } = await drydock('sql', '-w', sample, 'SELECT * FROM range(200000)', '--limit', '200000')
    expect(code).toBe(0)
    expect(out.split('\n').length).toBeGreaterThan(200_000)
  })

  it('init, import, sql and profile work on a fresh workspace', async () => {
    const directory = join(root, 'fresh')
    expect((await drydock('init', directory, '--name', 'Fresh', '--json')).json()).toMatchObject({ name: 'Fresh' })
    expect((await drydock('init', directory)).code).toBe(3)
    const csv = join(root, 'people.csv')
    writeFileSync(csv, 'id,age,city\n1,34,Köln\n2,,Łódź\n3,x,Paris\n4,51,Oslo\n')
    const imported = await drydock('import', '-w', directory, csv, '--name', 'people', '--json')
    expect(imported.code).toBe(0)
    const counted = await drydock('sql', '-w', directory, 'SELECT count(*) AS n FROM people', '--json')
    expect(counted.json()).toMatchObject({ columns: [{ name: 'n' }] })
    expect((await drydock('sql', '-w', directory, 'SELEKT 1')).code).toBe(2)
    expect((await drydock('sql', '-w', directory, "SELECT * FROM read_csv('/etc/passwd')")).code).not.toBe(0)
    const report = join(root, 'people.html')
    expect((await drydock('profile', '-w', directory, 'people', '--out', report)).code).toBe(0)
    expect(readFileSync(report, 'utf8')).toMatch(/^<!doctype html>/i)
    expect((await drydock('profile', '-w', directory, 'people', '--out', join(root, 'people.pdf'))).code).toBe(2)
    const deeds = await drydock('sql', '-w', directory, 'SELECT event, command FROM ledger.events ORDER BY seq', '--json')
    expect(deeds.json()).toMatchObject({
      rows: [
        ['workspace.created', 'workspaces.begin'],
        ['dataset.imported', 'datasets.import'],
        ['quality.checked', 'quality.run'],
        ['report.saved', 'quality.save']
      ]
    })
    const app = createApplication({ userDirectory: join(root, 'looks') })
    await app.openWorkspace(directory)
    const jobs = app.jobs.list().jobs.map(({ kind, state }) => [kind, state])
    await app.close()
    expect(jobs).toEqual([
      ['profile', 'succeeded'],
      ['import', 'succeeded']
    ])
    expect((await drydock('import', '-w', directory, join(root, 'missing.csv'), '--name', 'x')).code).toBe(3)
  })

  it('experiment compare holds the runs of the sample against each other row by row, with one verdict for each pair', async () => {
    // Runs of the tests before may have gone as far as the training only.
    const judged = ['runs', '-w', sample, '--filter', 'metrics.auc > 0', '--json']
    const runs = (await drydock(...judged)).json().items as { id: string; name: string; registered: string[] }[]
    const [one, other] = runs.map(({ id }) => id)
    const answer = (await drydock('experiment', 'compare', '-w', sample, one, other.slice(0, 12), '--json')).json()
    const { id: registered } = runs.find((run) => run.registered.length > 0)!
    expect(answer).toMatchObject({ baseline: { run: registered, reason: 'registered' } })
    const pairs = answer.pairs as {
      metric: string
      method: string
      rows: number | null
      low: number
      high: number
      p: number
      verdict: string
    }[]
    const area = pairs.find(({ metric }) => metric === 'auc')!
    expect(area).toMatchObject({ baseline: registered, method: 'delong', rows: 2500 })
    for (const { low, high, p, verdict } of pairs.filter((pair) => pair.p !== null))
      expect([low > 0 || high < 0, verdict === 'better' || verdict === 'worse']).toEqual([p < 0.05, p < 0.05])
    const text = await drydock('experiment', 'compare', '-w', sample, one, other, '--baseline', one)
    expect(text.out).toMatch(/: chosen as baseline\. Differences are the other run minus the baseline\.\nmetric +run +difference/)
    expect(text.out).toMatch(/^auc .* delong +2500 +(better|worse|cannot be told)$/m)
    expect((await drydock('experiment', 'compare', '-w', sample, one, 'ffff')).code).toBe(3)
    const alone = await drydock('experiment', 'compare', '-w', sample, one, one)
    expect([alone.code, alone.err]).toEqual([2, expect.stringContaining('Only one run was named, and a run is not compared with itself.')])
    expect(pairs.filter(({ metric }) => metric.endsWith('_lower'))).toEqual([])
    expect((await drydock('experiment', 'compare', one, other)).code).toBe(2)
  })

  it('runs takes a filter and refuses a broken one with its place', async () => {
    const { json } = await drydock('runs', '-w', sample, '--filter', "params.algorithm = 'x' or metrics.auc > 0.5", '--json')
    expect(json()).toMatchObject({ total: 2 })
    const broken = await drydock('runs', '-w', sample, '--filter', 'metrics.auc >')
    expect(broken).toMatchObject({ code: 2 })
    expect(broken.err).toContain('character')
  })

  it('run reports a cycle and an unknown step by name and starts nothing', async () => {
    const file = join(root, 'cycle.yaml')
    const step = (id: string, from: string): string =>
      `  - id: ${id}\n    type: sql\n    inputs:\n      t: ${from}.table\n    parameters:\n      query: SELECT * FROM t\n`
    writeFileSync(file, `schema: drydock.pipeline\nversion: 1\nname: cycle\nsteps:\n${step('first', 'second')}${step('second', 'first')}`)
    const cycle = await drydock('run', '-w', sample, file)
    expect(cycle.code).toBe(2)
    expect(cycle.err).toMatch(/first.*second|second.*first/)
    writeFileSync(file, 'schema: drydock.pipeline\nversion: 1\nname: odd\nsteps:\n  - id: a\n    type: teleport\n')
    expect((await drydock('run', '-w', sample, file)).err).toContain('teleport')
    expect((await drydock('run', '-w', sample, 'strike-damage', '--param', 'noequals')).code).toBe(2)
  })

  it('run refuses evidence about something else with 1 and its code, and registers nothing', async () => {
    const fixtures = join(here, 'fixtures', 'evidence')
    const adult = join(here, '..', 'core', 'pipelines', 'fixtures', 'evidence', 'adult-like.csv')
    expect((await drydock('import', '-w', sample, adult, '--name', 'ad')).code).toBe(0)
    for (const [file, model, step] of [
      ['gate-other-model.yaml', 'swapped', 'gate'],
      ['leak.yaml', 'leaky', 'g'],
      ['forged-decision.yaml', 'forged', null]
    ] as const) {
      const { code, json } = await drydock('run', '-w', sample, join(fixtures, file), '--json')
      expect({ file, code, error: json().error }).toMatchObject({ file, code: 1, error: { code: 'EVIDENCE_MISMATCH' } })
      if (step !== null)
        expect((json().steps as { stepId: string; failure: unknown }[]).find((each) => each.stepId === step)?.failure).toMatchObject({
          code: 'EVIDENCE_MISMATCH'
        })
      const registered = (await drydock('models', '-w', sample, '--json')).json().items as { name: string }[]
      expect(registered.map(({ name }) => name)).not.toContain(model)
    }
  })

  it('says of figures of training rows, and of figures that a program only logged, that they are that, and ranks neither first', async () => {
    const leak = readFileSync(join(here, 'fixtures', 'evidence', 'leak.yaml'), 'utf8').replace('name: leak', 'name: known')
    const text = join(root, 'known.yaml')
    const script = (code: string): string => `  - id: boast
    title: boast
    type: script
    parameters:
      command: [${JSON.stringify(process.execPath)}, main.js]
      files: { main.js: ${JSON.stringify(code)} }
      outputs: { result: File }
`
    const boast = `require('fs').writeFileSync(process.env.DRYDOCK_OUTPUT_RESULT, ''); require('fs').writeFileSync(process.env.DRYDOCK_METRICS, '{"name":"auc","value":0.99999}\\n')`
    writeFileSync(
      text,
      `${leak.slice(0, leak.indexOf('  - { id: g,'))}  - id: kept
    type: register
    inputs: { model: t.model }
    parameters: { name: known, requireGate: false }
${script(boast)}`
    )
    expect((await drydock('run', '-w', sample, text)).code).toBe(0)
    const sorted = ['runs', '-w', sample, '--sort', 'metrics.auc'] as const
    const { items: runs } = (await drydock(...sorted, '--json')).json() as unknown as {
      items: { name: string; metrics: { auc?: { value: number } }; doubt: string | null; measured: boolean }[]
    }
    const aucs = runs.flatMap(({ metrics }) => metrics.auc?.value ?? [])
    expect(Math.max(...aucs)).toBeGreaterThan(aucs[0]!)
    const training = 'Judged on the rows that the model was trained on'
    expect([runs[0]!.measured, runs[0]!.doubt ?? '']).toEqual([true, expect.not.stringContaining(training)])
    expect(runs.map(({ doubt }) => doubt).join()).toContain(training)
    expect(runs.find(({ metrics }) => metrics.auc?.value === 0.99999)).toMatchObject({ measured: false })
    const table = (await drydock(...sorted)).out.split('\n')
    expect(table[0]).toMatch(/^run +name +rank by auc +status/)
    expect(table[1]).not.toMatch(/ on training rows|logged, not measured/)
    expect(table.filter((line) => line.includes(' on training rows')).length).toBeGreaterThan(0)
    expect(table.find((line) => line.includes('  boast  '))).toContain('logged, not measured')
    expect((await drydock('models', '-w', sample)).out).toMatch(/known@1 .* on training rows/)
    const models = (await drydock('models', '-w', sample, '--json')).json().items as { name: string; doubt: string | null }[]
    expect(models.find(({ name }) => name === 'known')!.doubt).toContain(training)
    expect(models.find(({ name }) => name === 'strike-damage')!.doubt ?? '').not.toContain(training)
  })

  it('run says of a file under the name of a saved pipeline that its text took the place of the saved one', async () => {
    const file = join(root, 'other.yaml')
    const step = '  - id: s\n    type: source\n    parameters: { dataset: strikes }\n'
    const header = 'schema: drydock.pipeline\nversion: 1\nname: taken\n'
    writeFileSync(file, `${header}steps:\n${step}`)
    expect((await drydock('run', '-w', sample, file)).out).not.toContain('newest version')
    writeFileSync(file, `${header}title: Something else\nsteps:\n${step}`)
    const { out } = await drydock('run', '-w', sample, file)
    expect(out).toMatch(/This text is now the newest version of the pipeline "taken", in the place of [0-9a-f]{8}\./)
    expect((await drydock('run', '-w', sample, file, '--json')).json()).toMatchObject({ replaced: null })
  })

  it('keygen, export, verify and countersign go together, also with openssl', async () => {
    delete process.env.DRYDOCK_PASSPHRASE
    expect((await drydock('keygen', '--out', reviewerKey, '--public-out', reviewerPublic)).code).toBe(2)
    process.env.DRYDOCK_PASSPHRASE = 'a long enough phrase'
    expect((await drydock('keygen', '--out', reviewerKey, '--public-out', reviewerPublic)).code).toBe(0)
    expect((await drydock('keygen', '--out', reviewerKey, '--public-out', reviewerPublic)).code).toBe(3)
    expect(
      execFileSync('openssl', ['pkey', '-in', reviewerKey, '-passin', 'env:DRYDOCK_PASSPHRASE', '-pubout'], { encoding: 'utf8' })
    ).toBe(readFileSync(reviewerPublic, 'utf8'))
    const out = join(root, 'own.drydock')
    expect((await drydock('export', '-w', sample, 'strike-damage@1', '--key', reviewerKey, '--out', out)).code).toBe(0)
    expect((await drydock('verify', out, '--key', reviewerPublic)).code).toBe(0)
    const stranger = await drydock('verify', out, '--key', publicKey)
    expect(stranger).toMatchObject({ code: 1, out: expect.stringMatching(/^NOT AUTHENTIC: /) })
    const unasked = await drydock('verify', out)
    expect(unasked).toMatchObject({
      code: 5,
      out: expect.stringMatching(/^INSUFFICIENT: .*\nmissing  Trust in the author: .*\n\nNot checked: [^\n]+\n$/s)
    })
    expect((await drydock('verify', out, '--json')).json()).toMatchObject({
      verdict: 'insufficient',
      missing: [expect.stringContaining('author')]
    })
    writeFileSync(join(root, 'junk.drydock'), 'no bundle')
    expect((await drydock('verify', join(root, 'junk.drydock'), '--trust', join(root, 'absent.yaml'), '--json')).json()).toMatchObject({
      verdict: 'altered'
    })
    expect((await drydock('verify', join(root, 'junk.drydock'))).code).toBe(1)
    expect((await drydock('export', '-w', sample, 'strike-damage@1', '--key', reviewerKey, '--out', out)).code).toBe(3)
    expect((await drydock('export', '-w', sample, 'strike-damage@9', '--key', reviewerKey, '--out', join(root, 'x.drydock'))).code).toBe(3)

    const reviewed = join(root, 'reviewed.drydock')
    copyFileSync(bundle, reviewed)
    const countersigned = await drydock(
      'countersign',
      reviewed,
      '--key',
      reviewerKey,
      '--decision',
      'reject',
      '--statement',
      'Too few large animals.',
      '--author-key',
      publicKey,
      '--name',
      'R. Viewer'
    )
    expect(countersigned.code).toBe(0)
    const verified = await drydock('verify', reviewed, '--key', publicKey, '--json')
    expect(verified.code).toBe(0)
    expect(JSON.stringify(verified.json().attestations)).toContain('Too few large animals.')
    expect((await drydock('verify', reviewed, '--key', publicKey)).out).toContain('unknown signer says: reject by R. Viewer (reviewer)')
    const heard = await drydock('verify', reviewed, '--key', publicKey, '--reviewer', reviewerPublic)
    expect(heard).toMatchObject({ code: 4, out: expect.stringMatching(/^REJECTED: .* Rejected by "R\. Viewer"/) })
    process.env.DRYDOCK_PASSPHRASE = 'not the phrase at all'
    const refused = await drydock(
      'countersign',
      reviewed,
      '--key',
      reviewerKey,
      '--decision',
      'approve',
      '--statement',
      's',
      '--any-author'
    )
    expect(refused.code).toBe(3)
    expect(refused.err).toMatch(/passphrase/i)
  })

  it('verify answers what it is asked: approvals of persons, the gate held anew, the release', async () => {
    process.env.DRYDOCK_PASSPHRASE = 'a long enough phrase'
    const asked = join(root, 'asked.drydock')
    copyFileSync(bundle, asked)
    const sign = (...more: string[]) =>
      drydock('countersign', asked, '--key', reviewerKey, '--decision', 'approve', '--statement', 'Seen.', '--name', 'R. Viewer', ...more)
    expect(await sign()).toMatchObject({ code: 1, err: expect.stringContaining('Nothing was signed') })
    expect((await sign('--author-key', publicKey)).code).toBe(0)
    const trust = join(root, 'trust.yaml')
    const people = (...roles: string[]) =>
      `people:\n  - { name: Ada, roles: [author], keys: [${publicKey}] }\n  - { name: Vera, roles: [${roles.join(', ')}], keys: [${reviewerPublic}] }\n`
    writeFileSync(trust, `schema: drydock.trust\nversion: 1\nname: Operators\n${people('reviewer')}`)
    const ask = async (...more: string[]) => {
      const { code, json } = await drydock('verify', asked, '--trust', trust, ...more, '--json')
      const { verdict, missing } = json() as unknown as { verdict: string; missing: string[] }
      return { code, verdict, missing }
    }
    expect(await ask('--approvals', '1', '--gate', 'pass')).toEqual({ code: 0, verdict: 'holds', missing: [] })
    expect(await ask('--approvals', '2')).toMatchObject({ code: 5, missing: [expect.stringMatching(/2 persons .*; Vera did\./)] })
    expect((await sign('--meaning', 'release', '--trust', trust)).code).toBe(3)
    expect((await sign('--meaning', 'release', '--author-key', publicKey)).code).toBe(0)
    expect(await ask('--stage', 'released')).toMatchObject({ code: 5, missing: [expect.stringContaining('The release')] })
    writeFileSync(trust, `schema: drydock.trust\nversion: 1\nname: Operators\n${people('approver')}`)
    expect(await ask('--approvals', '1', '--gate', 'pass', '--stage', 'released')).toMatchObject({ code: 0, verdict: 'holds' })
    writeFileSync(trust, readFileSync(trust, 'utf8').replace(reviewerPublic, publicKey))
    const twice = await drydock('verify', asked, '--trust', trust)
    expect(twice).toMatchObject({ code: 2, err: expect.stringMatching(/belongs to "Ada" already.*line 6, column \d+/s) })
  })

  it('verify names the exact altered file and ends with 1', async () => {
    const folder = join(root, 'opened')
    process.env.DRYDOCK_PASSPHRASE = 'a long enough phrase'
    expect((await drydock('export', '-w', sample, 'strike-damage@1', '--key', reviewerKey, '--out', folder)).code).toBe(0)
    expect((await drydock('verify', folder, '--key', reviewerPublic)).code).toBe(0)
    const file = join(folder, 'evidence', 'evaluation.json')
    const bytes = readFileSync(file)
    bytes[bytes.length >> 1] ^= 1
    writeFileSync(file, bytes)
    const { code, out } = await drydock('verify', folder, '--key', reviewerPublic)
    expect(code).toBe(1)
    expect(out).toContain('changed: evidence/evaluation.json')
  })
})
