import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Command } from 'commander'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { DatasetDetail, ImportPreview, ImportResult, MisfitPage } from '../model/dataset'
import { addImportOptions } from './import-options'
import { readImportOptions } from './read-import-options'
import { runCli } from './program'
import { sayChoice } from './say-choice'
import type { importDocument } from './say-import'

interface Ended<T> {
  code: number
  out: string
  err: string
  json: () => T
}

/** Runs one command line in this process, as the built program would. */
async function drydock<T = Record<string, unknown>>(...argv: string[]): Promise<Ended<T>> {
  let [out, err] = ['', '']
  const code = await runCli(argv, { out: (text) => (out += text), err: (text) => (err += text) })
  return { code, out, err, json: () => JSON.parse(out) as T }
}

/** What the parser makes of options of `import`. */
const parseAs = (argv: string[]) => {
  const command = addImportOptions(new Command('import').exitOverride())
  return command.parse(argv, { from: 'user' }).opts()
}

const root = mkdtempSync(join(tmpdir(), 'drydock-cli-import-'))
const lab = join(root, 'lab')
const write = (name: string, text: string | Buffer): string => {
  const path = join(root, name)
  writeFileSync(path, text)
  return path
}
const rowsOf = async (query: string): Promise<unknown[][]> =>
  (await drydock<{ rows: unknown[][] }>('sql', '-w', lab, query, '--json')).json().rows

beforeAll(async () => {
  process.env.DRYDOCK_USER_DIR = join(root, 'user')
  if ((await drydock('init', lab)).code !== 0) throw new Error('The workspace could not be made.')
})
afterAll(() => {
  delete process.env.DRYDOCK_USER_DIR
  rmSync(root, { recursive: true, force: true })
})

describe('drydock import', () => {
  it('reads a file as its options say, against what would be found', async () => {
    const text = "Stand Mai\n'Köln; Deutz';1.234,5;03.02.2026;-\nOslo;2,25;04.02.2026;7\n"
    const file = write('umsatz.txt', Buffer.from(text, 'latin1'))
    const argv = ['--as', 'csv', '--delimiter', 'semicolon', '--quote', "'", '--encoding', 'latin1', '--decimal', 'comma', '--no-header']
    const columns = ['--format', 'column_3=%d.%m.%Y', '--type', 'column_4=text', '--role', 'column_2=target', '--known', 'column_4=after']
    const more = ['--skip', '1', '--null', '-', '--unit', 'column_2=EUR', '--rename', 'column_1=Stadt', '--name', 'umsatz']
    const { code, json } = await drydock<ImportResult>('import', '-w', lab, file, ...argv, ...columns, ...more, '--json')
    expect(code).toBe(0)
    const { version } = json()
    expect(version.choices).toMatchObject({
      format: 'csv',
      dialect: { delimiter: ';', quote: "'", encoding: 'windows-1252', decimal: ',', header: false, skipLines: 1 },
      nullTokens: ['-']
    })
    expect(version.columns.map(({ name, kind, role, knownWhen, unit }) => [name, kind, role, knownWhen, unit])).toMatchObject([
      ['Stadt', 'text', 'feature', 'before', null],
      ['column_2', 'number', 'target', 'before', 'EUR'],
      ['column_3', 'date', expect.anything(), 'before', null],
      ['column_4', 'text', 'feature', 'after', null]
    ])
    expect(await rowsOf('SELECT Stadt, column_2, column_3::VARCHAR, column_4 FROM umsatz')).toEqual([
      ['Köln; Deutz', 1234.5, '2026-02-03', null],
      ['Oslo', 2.25, '2026-02-04', '7']
    ])
  })

  it('takes names of columns with blanks, letters of any script and the sign between name and value', async () => {
    const file = write('names.csv', 'a=b,Größe in cm,名前,left out\n1,180,x,q\n2,175,y,q\n')
    const types = ['--type', 'a=b=text', '--type', 'Größe in cm=number', '--role', '名前=identifier', '--drop', 'left out']
    const { json } = await drydock<ImportResult>('import', '-w', lab, file, ...types, '--rename', 'a=b=id', '--json')
    expect(json().version.columns.map(({ name, kind, role }) => [name, kind, role])).toEqual([
      ['id', 'text', 'identifier'],
      ['Größe in cm', 'number', 'feature'],
      ['名前', 'text', 'identifier']
    ])
  })

  it('takes all of it from a file, in which what is said besides comes first; what a version was made with makes it again', async () => {
    const file = write('codes.csv', 'code;n;note\n007;1,5;x\n008;?;y\n')
    const options = write(
      'options.yaml',
      `name: codes
dialect: { delimiter: ';', decimal: ',' }
nullTokens: ['?']
columns:
  - { source: code, type: text, role: identifier }
  - { source: note, drop: true }
metadata: { owner: Ada, tags: [lab] }
`
    )
    const first = (await drydock<ImportResult>('import', '-w', lab, file, '--options', options, '--role', 'code=group', '--json')).json()
    expect(first.dataset).toMatchObject({ name: 'codes', owner: 'Ada', tags: ['lab'] })
    expect(first.version.columns.map(({ name, kind, role }) => [name, kind, role])).toEqual([
      ['code', 'text', 'group'],
      ['n', 'number', 'feature']
    ])
    const shown = (await drydock<DatasetDetail>('dataset', 'show', '-w', lab, 'codes', '--json')).json()
    const again = write('again.json', JSON.stringify(shown.version.choices))
    const second = await drydock<ImportResult>('import', '-w', lab, file, '--name', 'codes', '--options', again, '--json')
    expect(second.json()).toMatchObject({ created: false, version: { sha256: first.version.sha256 } })
  })

  it('--preview says what would come of it and writes nothing', async () => {
    const file = write('look.csv', 'id\tsize\n1\t2.5\n2\tx\n3\t4\n')
    const before = (await drydock<{ total: number }>('dataset', 'list', '-w', lab, '--json')).json().total
    const preview = (await drydock<ImportPreview>('import', '-w', lab, file, '--preview', '--type', 'size=number', '--json')).json()
    expect(preview).toMatchObject({ fileName: 'look.csv', complete: true, dialect: { delimiter: '\t' } })
    expect(preview.columns.map(({ source, importType, unparsed }) => [source, importType, unparsed])).toEqual([
      ['id', 'integer', 0],
      ['size', 'number', 1]
    ])
    const { out } = await drydock('import', '-w', lab, file, '--preview')
    expect(out).toContain('Nothing was imported')
    expect(out).toContain('delimiter tab')
    expect((await drydock<{ total: number }>('dataset', 'list', '-w', lab, '--json')).json()).toMatchObject({ total: before })
  })

  const people = 'id,age\n1,34\n2,40\n'
  it.each([
    [['--type', 'age=float'], '--type does not know "float"', 'integer, number'],
    [['--type', 'age'], '--type takes COLUMN=TYPE', '"a column=boolean"'],
    [['--detection-limit', 'age=third'], '--detection-limit does not know "third"', 'limit, half'],
    [['--decimal-in', 'age=dot'], '--decimal-in does not know "dot"', 'point, comma'],
    [['--trailing-minus', 'ages'], '--trailing-minus names the column "ages"', '"age"'],
    [['--escape', 'caret'], '--escape takes double, backslash', '"caret"'],
    [['--type', 'age=text', '--type', 'age=integer'], '--type was given more than once for the column "age"', 'once'],
    [['--type', 'agee=text'], '--type names the column "agee"', '"id", "age". Did you mean "age"?'],
    [['--drop', 'Age'], '--drop names the column "Age"', 'capital letters'],
    [['--role', 'age=label'], '--role does not know "label"', 'target'],
    [['--known', 'age=later'], '--known does not know "later"', 'after'],
    [['--format', 'age=dd.mm'], '"dd.mm" is not a date format', '%d/%m/%Y'],
    [['--encoding', 'klingon'], '--encoding takes utf-8', '"klingon"'],
    [['--delimiter', 'ab'], '--delimiter takes one character', 'semicolon'],
    [['--decimal', ';'], '--decimal takes point or comma', '";"'],
    [['--skip', '-1'], '--skip takes a whole number', '1000'],
    [['--as', 'xls'], '--as takes csv', '"xls"'],
    [['--name', 'a@b'], '"a@b" cannot be a dataset\'s name', '--name'],
    [['--delimiter', ',', '--delimiter', ';'], '--delimiter', 'more than once']
  ])('%j is refused by its name, with the next step', async (argv, what, next) => {
    const file = write('people.csv', people)
    for (const preview of [[], ['--preview']]) {
      const { code, err } = await drydock('import', '-w', lab, file, ...argv, ...preview)
      expect({ code, err }).toMatchObject({ code: 2, err: expect.stringContaining(what) })
      expect(err).toContain(next)
    }
    expect(await rowsOf("SELECT count(*) FROM ledger.events WHERE subject LIKE 'dataset:people@%'")).toEqual([[0]])
  })

  it.each([
    ['dialect: { delimeter: ";" }', 'at dialect (line 1, column 12)', 'Did you mean "delimiter"?'],
    ['colums: []', 'Did you mean "columns"?', '"choices"'],
    ['columns:\n  - { source: age, type: float }', 'at columns[0].type (line 2, column 26)', '"type" takes "boolean", "integer", '],
    ['{ "name": ', 'neither JSON nor YAML', 'at line 1, column 11. Nothing was imported. Correct the file'],
    ['columns: [{ source: years, type: text }]', '--options names the column "years"', '"age"']
  ])('an options file with %j is refused with the place', async (text, place, next) => {
    const { code, err } = await drydock('import', '-w', lab, write('people.csv', people), '--options', write('wrong.yaml', text))
    expect({ code, err }).toMatchObject({ code: 2, err: expect.stringContaining(place) })
    expect(err).toMatch(/--options/)
    expect(err).toContain(next)
    expect((await drydock('import', '-w', lab, join(root, 'people.csv'), '--options', join(root, 'absent.json'))).code).toBe(3)
  })

  it('passes over no option that means nothing for the kind of file', async () => {
    const file = write('rows.jsonl', '{"a":1}\n{"a":2}\n')
    for (const argv of [['--no-header'], ['--delimiter', ';']]) {
      const { code, err } = await drydock('import', '-w', lab, file, ...argv)
      expect({ code, err }).toMatchObject({ code: 2, err: expect.stringContaining(`${argv[0]} says how a text table is written`) })
    }
    expect((await drydock('import', '-w', lab, file, '--type', 'a=text')).code).toBe(0)
  })
})

describe('what an import says', () => {
  it('gives programs the rules, the misfits with their text, and the rows that were lost', async () => {
    const rows = Array.from({ length: 100 }, (_, i) => `${i},${i === 7 ? '<0.5' : i / 10}`)
    const file = write('limits.csv', `id,glucose\n${rows.join('\n')}\nshort\n`)
    const { json } = await drydock<ReturnType<typeof importDocument>>('import', '-w', lab, file, '--json')
    const { version, rules, misfits, rowsLost } = json()
    expect(version).toMatchObject({ rows: 100 })
    expect(Array.isArray(rules)).toBe(true)
    expect(misfits).toMatchObject({ cells: 1, rows: 1, columns: [{ column: 'glucose', cells: 1 }] })
    expect(misfits.examples).toContainEqual(expect.objectContaining({ what: 'cell', line: 9, row: 8, column: 'glucose', text: '<0.5' }))
    expect(rowsLost).toBe(1)
    const { out } = await drydock('import', '-w', lab, file)
    expect(out).toContain('100 rows, 2 columns; 1 cell that did not fit, in 1 row; 1 row left out')
    expect(out).toContain('drydock dataset misfits -w DIR limits')
  })

  it.each([
    [{ columns: [{ source: 'a b', strip: ['EUR', '%'] }] }, '--strip "a b=EUR" --strip "a b=%"'],
    [{ columns: [{ source: 'v', trailingMinus: true, decimal: ',' as const }] }, '--decimal-in v=comma', '--trailing-minus v'],
    [{ columns: [{ source: 'land', nullTokens: [''] }] }, '--null-in land=', ''],
    [
      { columns: [{ source: 'land', type: 'text' as const, moreNullTokens: ['?', 'k.A.'] }] },
      '--type land=text --also-null-in "land=?"',
      '--also-null-in land=k.A.'
    ],
    [
      { dialect: { decimal: ',' as const, delimiter: '\t' }, nullTokens: ['', 'NA'] },
      '--delimiter tab --decimal comma --null "" --null NA',
      ''
    ],
    [
      { columns: [{ source: 'd', type: 'date' as const, dateFormat: '%d.%m.%Y', otherDateFormats: ['%Y-%m-%d'] }] },
      '--format',
      'd=%Y-%m-%d'
    ],
    [{ columns: [{ source: 'v', strip: [] }] }, '--options FILE with {"columns":[{"source":"v","strip":[]}]}', '']
  ])('names the options that come to the choice %j', (choice, ...parts) => {
    for (const part of parts) expect(sayChoice(choice)).toContain(part)
  })

  it('what is said of a choice is taken as that choice', async () => {
    const file = write('money.csv', 'price in EUR,limit,day,land\n1,<2,2026-01-31,NA\n3,4,2026-02-28,DE\n')
    const column = { decimal: ',' as const, strip: ['EUR'], trailingMinus: true, detectionLimit: 'half' as const }
    const choice = {
      columns: [
        { source: 'price in EUR', ...column },
        { source: 'land', nullTokens: ['', '-'] }
      ]
    }
    const said = [...sayChoice(choice).matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain)
    expect(readImportOptions(parseAs(said), file).columns).toEqual(choice.columns)
  })
})

describe('drydock dataset', () => {
  it('list, show and misfits answer for people and programs', async () => {
    const rows = Array.from({ length: 60 }, (_, i) => `${i},${i === 4 ? '12 \u202egnol' : i === 50 ? 'x' : i * 1.5}`)
    rows.splice(20, 0, 'one,too,many')
    const file = write('sizes.csv', `id,size\n${rows.join('\n')}\n`)
    expect((await drydock('import', '-w', lab, file, '--type', 'size=number', '--unit', 'size=cm')).code).toBe(0)
    const listed = await drydock('dataset', 'list', '-w', lab)
    expect(listed.out).toMatch(/^dataset +versions +rows/)
    expect(listed.out).toMatch(/^sizes +1 /m)
    const shown = await drydock('dataset', 'show', '-w', lab, 'sizes')
    expect(shown.out).toMatch(/^sizes, version 1 of 1: 60 rows, 2 columns/)
    expect(shown.out).toMatch(/^size +DOUBLE +feature +before +cm$/m)
    const said = await drydock(
      'dataset',
      'columns',
      '-w',
      lab,
      'sizes',
      '--role',
      'id=identifier',
      '--known',
      'size=after',
      '--unit',
      'size=mm'
    )
    expect(said.out).toMatch(/^id +\S+ +identifier +before/m)
    expect(said.out).toMatch(/^size +DOUBLE +feature +after +mm$/m)
    for (const [argv, message] of [
      [['--role', 'Id=identifier'], 'has no column "Id"'],
      [['--role', 'id=key'], '--role does not know "key"'],
      [[], 'Nothing is said of any column']
    ] as const)
      expect(await drydock('dataset', 'columns', '-w', lab, 'sizes', ...argv)).toMatchObject({
        code: 2,
        err: expect.stringContaining(message)
      })
    const misfits = await drydock('dataset', 'misfits', '-w', lab, 'sizes')
    expect(misfits.out).toContain('2 cells in 2 rows did not fit and are missing; the rows are there:')
    expect(misfits.out).toContain('1 row left out: more than 2 values (1)')
    expect(misfits.out).toMatch(/^ *6 +5 +size +missing +not a number/m)
    expect(misfits.out).toMatch(/^ *22 +left out +more than 2 values +one,too,many$/m)
    // A text that would turn the line around on a terminal is shown escaped.
    expect(misfits.out).toContain('12 \\u202egnol')
    expect((await drydock('dataset', 'misfits', '-w', lab, 'names')).out).toMatch(/^Nothing: /)
    const asked = async (...argv: string[]) =>
      (await drydock<MisfitPage & { items: MisfitPage['misfits'] }>('dataset', 'misfits', '-w', lab, 'sizes', ...argv, '--json')).json()
    const all = await asked()
    expect(all).toMatchObject({ cells: 2, rows: 2, rowsLost: 1, total: 3, columns: [{ column: 'size', cells: 2, reason: 'not a number' }] })
    expect(all.items.map(({ what, line, row, text }) => [what, line, row, text])).toEqual([
      ['cell', 6, 5, '12 \u202egnol'],
      ['row', 22, null, 'one,too,many'],
      ['cell', 53, 51, 'x']
    ])
    expect((await asked('--column', 'size', '--limit', '1')).items).toHaveLength(1)
    const absent = await drydock('dataset', 'misfits', '-w', lab, 'sizes', '--column', 'Size')
    expect(absent).toMatchObject({ code: 2, err: expect.stringContaining('--column: "sizes" has no column "Size". It has id, size.') })
    expect((await drydock('dataset', 'show', '-w', lab, 'nothing')).code).toBe(3)
    for (const argv of [['dataset'], ['dataset', 'sow', '-w', lab], ['dataset', 'misfits', '-w', lab, 'sizes', '--limit', 'all']]) {
      const { code, err, out } = await drydock(...argv)
      expect({ argv, code, out }).toEqual({ argv, code: 2, out: '' })
      expect(err).not.toBe('')
    }
  })
})

describe('drydock profile', () => {
  const rows = Array.from({ length: 200 }, (_, i) => `${i % 90 === 7 ? '' : (i * 37) % 101},${(i * 37) % 101},${i % 4 ? 'alive' : 'died'}`)
  const text = `a,b,outcome\n${rows.join('\n')}\n`
  type Report = { target: unknown; findings: { code: string; kind: string; count: number }[]; pairs: Record<string, unknown>[] } & {
    report: { target: { column: string } | null }
  }

  it('profiles a file without a workspace and leaves nothing behind', async () => {
    const file = write('trial.csv', text)
    const temporary = () => readdirSync(tmpdir()).filter((name) => name.startsWith('drydock-profile-'))
    const before = temporary()
    const { code, json } = await drydock<Report>('profile', file, '--target', 'outcome', '--event', 'died', '--json')
    expect(code).toBe(0)
    const { findings, pairs, report } = json()
    expect(report.target).toMatchObject({ column: 'outcome', rate: 0.25 })
    expect(findings.find(({ code }) => code === 'missing')).toMatchObject({ kind: 'missing', count: 3 })
    expect(pairs).toContainEqual({ a: 'a', b: 'b', method: 'pearson', value: expect.closeTo(1, 10), rows: 197 })
    expect(temporary()).toEqual(before)
  })

  it('prints of each finding the column, how many rows it is about, and what to do', async () => {
    const { out } = await drydock('profile', write('trial.csv', text), '--target', 'outcome', '--event', 'died')
    const lines = out.split('\n')
    expect(lines.find((line) => line.startsWith('severity'))).toMatch(/^severity +column +count +share +finding +what to do$/)
    expect(lines.find((line) => line.includes('is missing in'))).toMatch(/ a +3 +1\.5% +"a" is missing in 1\.5% of the rows +Find out why/)
    expect(lines.find((line) => line.includes('in other units'))).toMatch(/ a, b +200 +100\.0% .* Keep one of them/)
  })

  it('profiles a dataset with -w, and refuses there what is about a file', async () => {
    const file = write('trial.csv', text)
    expect((await drydock('import', '-w', lab, file, '--role', 'outcome=target')).code).toBe(0)
    const out = join(root, 'trial.json')
    const { code, json } = await drydock<Report>('profile', '-w', lab, 'trial', '--event', 'alive', '--out', out, '--json')
    expect({ code, target: json().report.target }).toMatchObject({ code: 0, target: { column: 'outcome', rate: 0.75 } })
    expect(existsSync(out) && JSON.parse(readFileSync(out, 'utf8'))).toMatchObject({ report: { target: { column: 'outcome' } } })
    for (const [argv, expected, message] of [
      [['profile', '-w', lab, 'trial', '--delimiter', ';'], 2, '--delimiter says how a file is read'],
      [['profile', '-w', lab, 'trial', '--event', 'deid'], 2, '"deid" is no value of "outcome". It has "alive", "died"'],
      [['profile', '-w', lab, 'trial', '--event', 'died', '--event', 'deid'], 2, '--event: "deid" cannot be told apart in "outcome"'],
      [['profile', '-w', lab, 'trial', '--target', 'outcom'], 2, '"outcom"'],
      [['profile', '-w', lab, file], 3, 'leave -w out'],
      [['profile', 'trial'], 3, '-w DIR'],
      [['profile', file, '--event', 'died'], 2, '--target COLUMN'],
      [['profile', file, '--out', join(root, 'trial.pdf')], 2, '--out'],
      [['profile', file, '--type', 'c=text'], 2, '--type names the column "c"']
    ] as const) {
      const ended = await drydock(...argv)
      expect({ argv, code: ended.code }).toEqual({ argv, code: expected })
      expect(ended.err).toContain(message)
    }
  })
})

describe('help', () => {
  it.each([
    ['import', '--help'],
    ['profile', '--help'],
    ['dataset', 'list', '--help'],
    ['dataset', 'show', '--help'],
    ['dataset', 'misfits', '--help'],
    ['dataset', 'columns', '--help']
  ])('%s %s has examples, of options that there are', async (...argv) => {
    const { out, code } = await drydock(...argv)
    expect(code).toBe(0)
    const [list, examples] = out.split(/^Examples?:$/m)
    const lines = examples!.trim().split('\n')
    for (const line of lines) expect(line.trim()).toMatch(new RegExp(`^drydock ${argv.filter((word) => word !== '--help').join(' ')} `))
    for (const [, option] of examples!.matchAll(/ (--[a-z-]+)/g)) expect(list).toContain(option)
  })

  it('lists what each option of an import takes', async () => {
    const { out } = await drydock('import', '--help')
    for (const word of ['windows-1252', 'semicolon', 'timestamp', 'identifier', '%d.%m.%Y', 'before, at or after'])
      expect(out).toContain(word)
    expect((await drydock('--help')).out).toMatch(/^ {2}dataset +look at/m)
  })
})
