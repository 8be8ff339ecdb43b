import { createWriteStream, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openContainer } from '../core/recovery/zip-entries'
import { ledgerFormat } from '../core/ledger'
import { sha256 } from '../storage/objects/durable-files'
import { runCli } from '../cli/program'

interface Golden {
  version: string
  file: string
  sha256: string
  runs: { id: string; name: string; status: string; auc: { value: number; low: number; high: number } }[]
}

const folder = join(dirname(fileURLToPath(import.meta.url)), 'golden-workspaces')
const golden: Golden[] = JSON.parse(readFileSync(join(folder, 'index.json'), 'utf8'))
const root = mkdtempSync(join(tmpdir(), 'drydock-golden-workspaces-'))

async function unpack({ file, version }: Golden): Promise<string> {
  const zip = await openContainer(join(folder, file))
  for (const name of zip.entries.keys()) {
    const target = join(root, version, name)
    mkdirSync(dirname(target), { recursive: true })
    await pipeline(await zip.read(name), createWriteStream(target))
  }
  zip.close()
  return join(root, version)
}

/** Runs one command line in this process. */
async function drydock(...argv: string[]): Promise<{ code: number; answer: Record<string, never> }> {
  let [out, err] = ['', '']
  const code = await runCli([...argv, '--json'], { out: (text) => (out += text), err: (text) => (err += text) })
  return { code, answer: JSON.parse(out || err) }
}

beforeAll(() => {
  process.env.DRYDOCK_USER_DIR = join(root, 'user')
  process.env.DRYDOCK_PASSPHRASE = 'a passphrase of a test'
})
afterAll(() => {
  delete process.env.DRYDOCK_USER_DIR
  delete process.env.DRYDOCK_PASSPHRASE
  rmSync(root, { recursive: true, force: true })
})

describe.each(golden)('a workspace of $version', (kept) => {
  let workspace: string
  beforeAll(async () => {
    workspace = await unpack(kept)
  })

  it('is the file that was kept', () => {
    expect(sha256(readFileSync(join(folder, kept.file)))).toBe(kept.sha256)
  })

  it('opens, says of its runs what the program said that made it, and keeps a copy of its ledger where that changed', async () => {
    const format = Number(kept.version.replace('format-', ''))
    const { code, answer } = await drydock('runs', '-w', workspace)
    expect(code).toBe(0)
    const runs = answer.items as unknown as object[]
    expect(runs).toHaveLength(kept.runs.length)
    for (const { id, name, status, auc } of kept.runs)
      expect(runs).toContainEqual(
        expect.objectContaining({ id, name, status, metrics: expect.objectContaining({ auc: expect.objectContaining(auc) }) })
      )
    const copies = readdirSync(workspace).filter((name) => name.startsWith('ledger.sqlite.before-'))
    expect(copies).toEqual(format < ledgerFormat.migrations.length ? [`ledger.sqlite.before-${format + 1}`] : [])
  })

  it('is found whole by the doctor, with its data, its record and its bundle', async () => {
    expect(await drydock('workspace', 'doctor', '-w', workspace)).toMatchObject({ code: 0 })
    expect(await drydock('record', 'check', '-w', workspace)).toMatchObject({ code: 0 })
    const [bundle, key] = ['strike-damage-1.drydock', 'signer.pub.pem'].map((name) => join(workspace, 'exports', name))
    expect(await drydock('verify', bundle, '--key', key)).toMatchObject({ code: 0 })
    expect(await drydock('sql', '-w', workspace, 'SELECT count(*) FROM strikes')).toMatchObject({ code: 0, answer: { rows: [[10000]] } })
  })

  it('is worked on: its own pipeline trains again as well as then, and its model is exported', async () => {
    expect(await drydock('workspace', 'trust', '-w', workspace)).toMatchObject({ code: 0 })
    // Gates know more than they did: an old pipeline may train and yet be refused registration.
    expect([0, 1]).toContain((await drydock('run', '-w', workspace, 'strike-damage')).code)
    const { answer } = await drydock('runs', '-w', workspace)
    const runs = answer.items as unknown as { name: string; status: string; metrics: { auc: { value: number } } }[]
    const { status, metrics } = runs.find(({ name }) => name === 'Gradient boosting')!
    expect(status).toBe('finished')
    const then = kept.runs.find(({ name }) => name === 'Gradient boosting')!.auc
    expect(metrics.auc.value).toBeGreaterThan(then.low)
    expect(metrics.auc.value).toBeLessThan(then.high)
    const [key, publicKey, bundle] = ['key.pem', 'key.pub.pem', 'model.drydock'].map((file) => join(workspace, 'exports', file))
    expect(await drydock('keygen', '--out', key, '--public-out', publicKey)).toMatchObject({ code: 0 })
    expect(await drydock('export', '-w', workspace, '--key', key, '--out', bundle, 'strike-damage@1')).toMatchObject({ code: 0 })
    expect(await drydock('verify', bundle, '--key', publicKey)).toMatchObject({ code: 0 })
  }, 120_000)
})

describe('the releases', () => {
  it('have each a workspace here, named by its version', () => {
    const changes = readFileSync(join(process.cwd(), 'CHANGELOG.md'), 'utf8')
    const released = [...changes.matchAll(/^## (\d+\.\d+\.\d+) \(\d{4}-\d{2}-\d{2}\)$/gm)].map(([, version]) => version)
    expect(golden.map(({ version }) => version)).toEqual(expect.arrayContaining(released))
    expect(changes).toContain(`## ${JSON.parse(readFileSync(join(process.cwd(), 'package.json'), 'utf8')).version} `)
  })
})
