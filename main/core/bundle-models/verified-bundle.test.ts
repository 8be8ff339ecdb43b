import { readFile } from 'node:fs/promises'
import { afterAll, expect, it } from 'vitest'
import { signDirectory } from '../bundle-format'
import { freshFolder, newKey, removeFolders, sampleFiles, writeFiles } from '../bundle-format/sample-bundle.fixture'
import { withVerifiedBundle } from './verified-bundle'

afterAll(removeFolders)

it('hands out files of one name in several folders, the same file twice, and one whose path is longer than a name can be', async () => {
  const long = `data/${'of-'.repeat(40)}it/${'much-'.repeat(40)}it/it.json`
  const files = { 'data/a/it.json': '1', 'data/b/it.json': '2', [long]: '3' }
  const bundle = writeFiles({ ...sampleFiles, ...files })
  await signDirectory(bundle, { key: newKey() })
  const folder = freshFolder()
  const read = await withVerifiedBundle(bundle, {}, undefined, async ({ extract }) => {
    const found: string[] = []
    for (const name of [...Object.keys(files), long]) found.push(await readFile(await extract(name, folder), 'utf8'))
    return found
  })
  expect(read).toEqual(['1', '2', '3', '3'])
})
