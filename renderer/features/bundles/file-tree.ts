import type { Status } from '../../ui'
import type { Reviewed } from './use-review'

export type BundleFile = Reviewed['files'][number]
export type TreeRow =
  | { kind: 'folder'; id: string; name: string; depth: number; files: number; problems: number; open: boolean }
  | { kind: 'file'; id: string; name: string; depth: number; file: BundleFile }

/** How a file's state is called and what it means to a reader. */
export const fileStates: Record<BundleFile['state'], { status: Status; word: string; meaning: string }> = {
  verified: { status: 'ok', word: 'As signed', meaning: 'Its bytes are those that were signed.' },
  changed: { status: 'error', word: 'Changed', meaning: 'Its bytes are not those that were signed. Do not rely on what it says.' },
  added: { status: 'error', word: 'Added', meaning: 'It was not there when the bundle was signed. Nobody vouches for it.' },
  missing: { status: 'error', word: 'Missing', meaning: 'It was signed and is gone.' },
  unsigned: {
    status: 'warn',
    word: 'Not vouched for',
    meaning: 'The bundle has no signature that holds, so nobody vouches for what this file says.'
  },
  'set-aside': {
    status: 'warn',
    word: 'Set aside',
    meaning: 'Anybody may put a file among the attestations. This one is no decision about this bundle and counts for nothing.'
  },
  uncovered: {
    status: 'neutral',
    word: 'Own signature',
    meaning: 'The signature itself, or an attestation that carries a signature of its own.'
  }
}

interface Folder {
  folders: Map<string, Folder>
  files: BundleFile[]
}

const isProblem = (file: BundleFile) => file.state === 'changed' || file.state === 'added' || file.state === 'missing'
const byName = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)

/** The files as rows of a tree: folders first, each level by name; the folders in `closed` hide what is in them. */
export function deriveTreeRows(files: readonly BundleFile[], closed: ReadonlySet<string>): TreeRow[] {
  const root: Folder = { folders: new Map(), files: [] }
  for (const file of files) {
    let folder = root
    for (const part of file.path.split('/').slice(0, -1)) {
      const next = folder.folders.get(part) ?? { folders: new Map(), files: [] }
      folder.folders.set(part, next)
      folder = next
    }
    folder.files.push(file)
  }
  const rows: TreeRow[] = []
  const add = (folder: Folder, prefix: string, depth: number): void => {
    for (const [name, inner] of [...folder.folders].sort(([a], [b]) => byName(a, b))) {
      const id = `${prefix}${name}/`
      const all = filesIn(inner)
      rows.push({ kind: 'folder', id, name, depth, files: all.length, problems: all.filter(isProblem).length, open: !closed.has(id) })
      if (!closed.has(id)) add(inner, id, depth + 1)
    }
    for (const file of [...folder.files].sort((a, b) => byName(a.path, b.path)))
      rows.push({ kind: 'file', id: file.path, name: file.path.slice(prefix.length), depth, file })
  }
  add(root, '', 0)
  return rows
}

function filesIn(folder: Folder): BundleFile[] {
  return [...folder.files, ...[...folder.folders.values()].flatMap(filesIn)]
}

/** What a reviewer reads first: the model card, else the first file that is there. */
export function firstFile(files: readonly BundleFile[]): string | null {
  const readable = files.filter((file) => file.state !== 'missing')
  const preferred = ['card/model-card.html', 'card/model-card.json', 'README.md']
  const card = preferred.find((path) => readable.some((file) => file.path === path))
  return card ?? readable[0]?.path ?? null
}
