import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import type { ReviewedPlace } from '../../model/commands/bundles'
import { writeFileDurably } from '../../storage/objects/durable-files'

const LIMIT = 8
const idOf = (path: string): string => createHash('sha256').update(path).digest('hex').slice(0, 16)

/** The bundles reviewed in a window on this machine, newest first; kept in the user's own folder. A damaged list is an empty one. */
export function reviewedBundles(userDirectory: string): ReviewedPlace[] {
  try {
    const paths = z.array(z.string()).parse(JSON.parse(readFileSync(fileOf(userDirectory), 'utf8')))
    return paths.map((path) => ({ id: idOf(path), path }))
  } catch {
    return []
  }
}

/** Puts a bundle first on the list. A home that cannot be written to keeps nobody from a review. */
export async function rememberReview(userDirectory: string, path: string): Promise<void> {
  const others = reviewedBundles(userDirectory).flatMap((each) => (each.path === path ? [] : [each.path]))
  await writeFileDurably(fileOf(userDirectory), JSON.stringify([path, ...others].slice(0, LIMIT), null, 2)).catch(() => undefined)
}

const fileOf = (userDirectory: string): string => join(userDirectory, 'reviewed-bundles.json')
