import { existsSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { isDeep, rounds } from '../../testing/deep'
import { filesBelow } from '../../testing/fault-workspace'
import { makeSmallWorkspace, type SmallWorkspace } from '../../testing/small-workspace'
import { Random } from '../numerics'
import { openReader } from '../../storage/ledger/ledger-reader'
import { examineWorkspace, repairWorkspace, salvageWorkspace } from './index'

let small: SmallWorkspace
/** Every row of every table, as text. */
let rowsOfBase: Set<string>
beforeAll(async () => {
  small = await makeSmallWorkspace({ inMemory: true })
  rowsOfBase = rowsOf(small.base)
})
afterAll(() => small.remove())

function rowsOf(directory: string): Set<string> {
  const reader = openReader(join(directory, 'ledger.sqlite'))
  try {
    const tables = reader.all<{ name: string }>("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")
    return new Set(
      tables.flatMap(({ name }) => reader.all<object>(`SELECT * FROM "${name}"`).map((row) => `${name} ${JSON.stringify(row)}`))
    )
  } finally {
    reader.close()
  }
}

/** A ledger that was written anew says of itself when that was. */
const isOfTheFile = (row: string): boolean => /^(sqlite_|migration )/.test(row)

type Draw = () => number
const PAGE = 4096
/** What happens to a page of a file: a bit, a byte, a stretch or all of it is not what it was. */
const flips: Record<string, (page: Buffer, random: Draw) => void> = {
  'a bit': (page, random) => void (page[Math.floor(random() * page.length)]! ^= 1 << Math.floor(random() * 8)),
  'a byte': (page, random) => void (page[Math.floor(random() * page.length)]! ^= 1 + Math.floor(random() * 255)),
  'a stretch': (page, random) => {
    const at = Math.floor(random() * Math.max(1, page.length - 64))
    for (let place = at; place < Math.min(page.length, at + 64); place++) page[place]! ^= 1 + Math.floor(random() * 255)
  },
  zeros: (page) => void page.fill(0),
  noise: (page, random) => page.forEach((_byte, place) => (page[place] = Math.floor(random() * 256)))
}

/** Flips a page of the ledger, an object or a data file; returns what was done, for the message of a failure. */
function flipPage(directory: string, random: Draw, keepsNotes: boolean): string {
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!
  const file = pick([
    join(directory, 'ledger.sqlite'),
    join(directory, 'ledger.sqlite'),
    pick(filesBelow(join(directory, 'objects'))),
    pick(filesBelow(join(directory, 'data')))
  ])
  const bytes = readFileSync(file)
  const index = Math.floor(random() * Math.ceil(bytes.length / PAGE))
  const [kind, flip] = pick(Object.entries(flips))
  const before = Buffer.from(bytes)
  flip(bytes.subarray(index * PAGE, (index + 1) * PAGE), random)
  writeFileSync(file, bytes)
  if (!keepsNotes) for (const name of ['log', 'snapshots']) rmSync(join(directory, name), { recursive: true, force: true })
  return `${bytes.equals(before) ? 'nothing' : kind} in page ${index} of ${relative(directory, file)}${keepsNotes ? '' : ', without copies and notes'}`
}

/** The workspace opens in the program itself, and what it lists can be listed. */
async function opens(directory: string): Promise<void> {
  const app = small.application()
  try {
    await app.openWorkspace(directory)
    app.audit.list({ offset: 0, limit: 10 })
    app.people.list()
    app.datasets.list()
    await app.policies.list()
  } finally {
    await app.close()
  }
}

describe('a flipped page', () => {
  const count = rounds(40, 200)
  it.each(Array.from({ length: 4 }, (_, part) => part))(
    `is healed, or salvaged with a report of what is lost, or refused with a way (part %i of 4 of ${count})`,
    async (part) => {
      const outcomes = { unharmed: 0, healed: 0, reported: 0, refused: 0 }
      for (let round = part; round < count; round += 4) {
        const numbers = new Random(20_261, round)
        const random = (): number => numbers.uniform()
        const directory = small.copy()
        // Every third workspace is of an earlier program, which kept no copies and no notes.
        const told = `round ${round}: ${flipPage(directory, random, round % 3 !== 2)}`
        const found = await examineWorkspace(directory)
        if (found.sound) {
          // What nobody can notice is what changed nothing, or a text of a ledger without notes.
          if (!told.includes('nothing')) expect(told).toMatch(/ledger\.sqlite, without/)
          outcomes.unharmed++
        } else {
          expect(found.ways, told).toContain('repair')
          const other = join(small.root, `salvaged-${round}`)
          const report = round % 2 ? await repairWorkspace(directory) : await salvageWorkspace(directory, other)
          const made = round % 2 ? directory : other
          if (!report.opens) {
            expect(report.lost.map(({ message }) => message).join(), told).toMatch(/backup/)
            outcomes.refused++
          } else {
            const isContentLost = report.lost.some(({ subject }) => /^(objects|data)\//.test(subject))
            // Opening takes longer than all the rest: the short form does it now and then.
            if (!isContentLost && (isDeep || round % 5 === 0)) await opens(made)
            const left = rowsOf(made)
            const gone = [...rowsOfBase].filter((row) => !left.has(row) && !isOfTheFile(row))
            // Never a silent loss: whoever misses a row or a file reads of it in the report.
            if (gone.length > 0 && !told.includes('without')) expect(report.lost, `${told}: ${gone[0]}`).not.toEqual([])
            if (/(objects|data)\//.test(told)) expect(isContentLost || report.mended.length > 0, told).toBe(true)
            const unsaid = report.now.findings.filter(({ severity, area }) => severity === 'damage' && area !== 'references')
            expect(unsaid, told).toEqual([])
            outcomes[report.lost.length > 0 ? 'reported' : 'healed']++
          }
          rmSync(other, { recursive: true, force: true })
        }
        rmSync(directory, { recursive: true, force: true })
      }
      expect(outcomes.healed).toBeGreaterThan(0)
      expect(outcomes.refused).toBeLessThan(count / 8)
    }
  )
})

describe('a file that is cut, empty or gone', () => {
  const harms: Record<string, (directory: string) => void> = {
    'an empty drydock.json': (w) => truncateSync(join(w, 'drydock.json')),
    'a missing drydock.json': (w) => rmSync(join(w, 'drydock.json')),
    'a missing ledger': (w) => rmSync(join(w, 'ledger.sqlite')),
    'an empty ledger': (w) => truncateSync(join(w, 'ledger.sqlite')),
    'a ledger cut in half': (w) => truncateSync(join(w, 'ledger.sqlite'), Math.floor(statSync(join(w, 'ledger.sqlite')).size / 2)),
    'a ledger of zeros': (w) => writeFileSync(join(w, 'ledger.sqlite'), Buffer.alloc(statSync(join(w, 'ledger.sqlite')).size)),
    'a cache of noise': (w) => writeFileSync(join(w, 'cache.duckdb'), 'noise'.repeat(4000))
  }
  it.each(Object.entries(harms))('%s: nothing else is lost', async (_what, harm) => {
    const directory = small.copy()
    harm(directory)
    const report = await repairWorkspace(directory)
    expect(report).toMatchObject({ opens: true, now: { sound: true, name: 'Small' } })
    await opens(directory)
    const left = rowsOf(directory)
    expect([...rowsOfBase].filter((row) => !left.has(row))).toEqual([])
    expect(JSON.parse(readFileSync(join(directory, 'drydock.json'), 'utf8'))).toEqual(
      JSON.parse(readFileSync(join(small.base, 'drydock.json'), 'utf8'))
    )
  })

  it('a missing ledger without any copy is refused with the way', async () => {
    const directory = small.copy()
    for (const name of ['ledger.sqlite', 'snapshots', 'log']) rmSync(join(directory, name), { recursive: true })
    const report = await repairWorkspace(directory)
    expect(report).toMatchObject({ opens: false, lost: [{ message: expect.stringMatching(/Restore a backup/) }] })
    const salvage = await salvageWorkspace(directory, join(small.root, 'nothing'))
    expect(salvage.opens).toBe(false)
    expect(existsSync(join(small.root, 'nothing'))).toBe(false)
  })
})
