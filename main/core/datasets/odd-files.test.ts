import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import type { ImportChoices } from '../../model/dataset'
import { openTestWorkspace } from './workspace.fixture'

const w = await openTestWorkspace()
afterAll(() => w.close())

const importText = async (text: string | Buffer, choices?: ImportChoices) => {
  const imported = await w.importText(text, choices)
  return { ...imported, names: imported.version.columns.map((c) => c.name) }
}
const latin = (text: string): Buffer => Buffer.from(text, 'latin1')

describe('encoding', () => {
  const file = Buffer.concat([Buffer.from('name,city\nZoë,Köln\nJosé,Łódź\n'), latin('Ren\xe9,M\xfcnchen\n'), Buffer.from('Åsa,Malmö\n')])
  it('reads only the cells with stray bytes as Windows-1252, and says which lines', async () => {
    const { rows, version, path } = await importText(file)
    expect(rows).toEqual([
      ['Zoë', 'Köln'],
      ['José', 'Łódź'],
      ['René', 'München'],
      ['Åsa', 'Malmö']
    ])
    expect(version.choices.dialect!.encoding).toBe('utf-8')
    expect(version.rules).toMatchObject([
      { column: 'name', rule: 'encoding', cells: 1, examples: [{ line: 4, from: 'Ren\\xE9', to: 'René' }] },
      { column: 'city', rule: 'encoding', cells: 1, examples: [{ line: 4, from: 'M\\xFCnchen', to: 'München' }] }
    ])
    expect(version.notices).toContainEqual(expect.objectContaining({ title: 'Bytes that are no UTF-8', line: 4 }))
    // What a preview says can be given back as a choice.
    const { dialect } = await w.datasets.previewImport(path)
    const again = await w.datasets.importFile(path, { name: 'again', dialect: dialect! })
    expect(again.version.sha256).toBe(version.sha256)
  })
  it('finds them far behind the head, and in a name of a column', async () => {
    const late = Buffer.concat([Buffer.from(`n,t\n${'1,plain é text\n'.repeat(150_000)}`), latin('2,caf\xe9\n')])
    const { name, version } = await importText(late)
    expect((await w.datasets.rows(name, { offset: 149_999 })).rows).toEqual([
      [1, 'plain é text'],
      [2, 'café']
    ])
    expect(version.rules).toMatchObject([{ column: 't', cells: 1, examples: [{ line: 150_002 }] }])
    const header = await importText(Buffer.concat([latin('stra\xdfe,n\n'), Buffer.from('Köln,1\nMalmö,2\n')]))
    expect([header.names, header.rows[0]]).toEqual([
      ['straße', 'n'],
      ['Köln', 1]
    ])
  })
  it('guesses Cyrillic and Japanese by their bytes, tells that it is a guess, and reads what is chosen', async () => {
    // "id,город" and "Москва" in Windows-1251, "id,имя" and "Иван" in KOI8-R, "id,名前" and "山田,表" in Shift-JIS
    const cyrillic = `id,\xe3\xee\xf0\xee\xe4\n1,\xcc\xee\xf1\xea\xe2\xe0\n2,\xcc\xee\xf1\xea\xe2\xe0\n`
    const koi = `id,\xc9\xcd\xd1\n1,\xe9\xd7\xc1\xce\n2,\xe9\xd7\xc1\xce\n`
    const japanese = `id,\x96\xbc\x91O\n1,\x8eR\x93c\n2,\x95\\\n`
    for (const [bytes, encoding, names, cells] of [
      [cyrillic, 'windows-1251', ['id', 'город'], ['Москва', 'Москва']],
      [koi, 'koi8-r', ['id', 'имя'], ['Иван', 'Иван']],
      [japanese, 'shift_jis', ['id', '名前'], ['山田', '表']]
    ] as const) {
      const guessed = await importText(latin(bytes))
      expect([guessed.version.choices.dialect!.encoding, guessed.names, guessed.rows.map((r) => r[1])]).toEqual([encoding, names, cells])
      expect(guessed.version.notices).toContainEqual(expect.objectContaining({ severity: 'warning', title: `Read as ${encoding}` }))
    }
    // "Žďár" is "Žïár" for a reader of Western texts; no bytes tell Czech from French, so the person does.
    const czech = latin('id,m\xecsto\n1,\x8e\xef\xe1r\n')
    expect((await importText(czech)).rows[0]).toEqual([1, 'Žïár'])
    expect((await importText(czech, { dialect: { encoding: 'windows-1250' } })).rows[0]).toEqual([1, 'Žďár'])
    const broken = await importText(latin('id,t\n1,\x8e\n2,x\n'), { dialect: { encoding: 'euc-kr' } })
    expect(broken.version.notices).toContainEqual(expect.objectContaining({ title: 'Bytes that are no euc-kr' }))
  })
  it('is Windows-1252 where most bytes are, and refuses it as UTF-8', async () => {
    const { version, rows, path } = await importText(latin('a,b\ncaf\xe9,\xfcber\nna\xefve,x\n'))
    expect([version.choices.dialect!.encoding, rows[0]]).toEqual(['windows-1252', ['café', 'über']])
    await expect(w.datasets.importFile(path, { name: 'no', dialect: { encoding: 'utf-8' } })).rejects.toMatchObject({
      code: 'INVALID_INPUT'
    })
  })
})

describe('lines before the table', () => {
  it('takes the delimiter that a line sep= names', async () => {
    const { names, rows, version } = await importText(readFileSync(join(__dirname, 'fixtures', 'sep2.csv')))
    expect([names, rows]).toEqual([
      ['id', 'name'],
      [
        [1, 'a'],
        [2, 'b'],
        [3, 'c']
      ]
    ])
    expect(version.rules).toMatchObject([{ column: null, rule: 'skipped-lines', cells: 1, examples: [{ line: 1, from: 'sep=;' }] }])
    expect((await importText('sep=|\r\na|b\r\n1,5|x\r\n2,5|y\r\n')).rows).toEqual([
      [1.5, 'x'],
      [2.5, 'y']
    ])
  })
  it('leaves out comments, whatever stands in them, and blank lines among them', async () => {
    const text = '# made by a logger, version 2\n# it\'s "quoted"; a;b;c\n\n# units: kg, m\nid,mass,height\n1,70.5,1.8\n2,80.25,1.7\n'
    const { names, rows, version } = await importText(text)
    expect([names, rows]).toEqual([
      ['id', 'mass', 'height'],
      [
        [1, 70.5, 1.8],
        [2, 80.25, 1.7]
      ]
    ])
    expect(version.rules).toMatchObject([{ rule: 'skipped-lines', cells: 4 }])
  })
  it('takes the names from the last of several comments where no others follow', async () => {
    const { names, rows } = await importText('# logger 7\n# x,y\n1.5,2\n2.5,3\n')
    expect([names, rows]).toEqual([
      ['x', 'y'],
      [
        [1.5, 2],
        [2.5, 3]
      ]
    ])
    expect((await importText('#id,x\n1,2\n3,4\n')).names).toEqual(['#id', 'x'])
  })
  it('counts a blank line among the notes before a table', async () => {
    const text = `A title\n\nid,v,w\n${Array.from({ length: 20 }, (_, i) => `${i},${i},x`).join('\n')}\n`
    expect((await importText(text)).names).toEqual(['id', 'v', 'w'])
    expect((await importText(text, { dialect: { skipLines: 2 } })).names).toEqual(['id', 'v', 'w'])
  })
})

describe('quotes behind a backslash', () => {
  it('are found and read', async () => {
    const text = 'id,said,path\n1,"she said \\"no\\", twice",C:\\new\n2,"two\nlines \\"x\\"","a\\\\"\n3,plain,"b"\n'
    const { rows, version } = await importText(text)
    expect(rows).toEqual([
      [1, 'she said "no", twice', 'C:\\new'],
      [2, 'two\nlines "x"', 'a\\'],
      [3, 'plain', 'b']
    ])
    expect([version.badRows, version.choices.dialect!.escape]).toEqual([0, 'backslash'])
  })
  it('are none where a path ends with one, or where quotes are doubled', async () => {
    const paths = await importText('id,path\n1,"C:\\dir\\"\n2,"C:\\x, y\\"\n')
    expect([paths.rows.map((r) => r[1]), paths.version.choices.dialect!.escape]).toEqual([['C:\\dir\\', 'C:\\x, y\\'], undefined])
    const doubled = await importText('id,t\n1,"a ""b"" \\ c"\n2,x\n')
    expect(doubled.rows[0]).toEqual([1, 'a "b" \\ c'])
  })
})
