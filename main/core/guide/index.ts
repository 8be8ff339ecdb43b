import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { orderPages, parseGuidePage, type GuidePage } from '../../model/guide'
import { findResource } from '../resources'

/** The pages of the guide that ships with the program, in the order in which they are read. Throws NOT_FOUND. */
export const readGuide = (): GuidePage[] => orderPages(pagesBelow(findResource('guide'), ''))

function pagesBelow(folder: string, prefix: string): GuidePage[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return pagesBelow(path, `${prefix}${entry.name}/`)
    return entry.name.endsWith('.md') ? [parseGuidePage(prefix + entry.name.slice(0, -3), readFileSync(path, 'utf8'))] : []
  })
}
