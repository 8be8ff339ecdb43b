import { closeSync, ftruncateSync, openSync, readSync, writeSync } from 'node:fs'
import type { LedgerSnapshot } from '../../storage/ledger/ledger-snapshots'
import { correctByte, isPage, type PageSums } from '../../storage/ledger/page-sums'

export interface PageHealing {
  /** Pages that were not what they were. */
  changed: number
  /** Of these, pages that a snapshot still had. */
  copied: number
  /** Of these, pages with one changed byte, which was set back. */
  corrected: number
  /** Pages that nothing could bring back, by their places; counted from 0. */
  lost: number[]
}

/**
 * Makes a copy of a ledger what it was when it was last closed, page by page: from snapshots that hold the very same page, or by setting
 * back a single byte. What is written was held against the sum of that page first.
 */
export function healPages(copy: string, sums: PageSums, snapshots: readonly LedgerSnapshot[]): PageHealing {
  const healing: PageHealing = { changed: 0, copied: 0, corrected: 0, lost: [] }
  const target = openSync(copy, 'r+')
  const sources = snapshots.filter((snapshot) => snapshot.sums.pageSize === sums.pageSize).map(({ file }) => openSync(file, 'r'))
  const page = Buffer.alloc(sums.pageSize)
  const read = (descriptor: number, index: number): Buffer => {
    page.fill(0)
    readSync(descriptor, page, 0, page.length, index * page.length)
    return page
  }
  try {
    ftruncateSync(target, sums.pages * sums.pageSize)
    for (let index = 0; index < sums.pages; index++) {
      if (isPage(read(target, index), sums, index)) continue
      healing.changed++
      const corrected = correctByte(page, sums, index)
      const source = corrected ? undefined : sources.find((each) => isPage(read(each, index), sums, index))
      if (corrected) healing.corrected++
      else if (source !== undefined) healing.copied++
      else {
        healing.lost.push(index)
        continue
      }
      writeSync(target, corrected ?? read(source!, index), 0, page.length, index * page.length)
    }
  } finally {
    for (const descriptor of [target, ...sources]) closeSync(descriptor)
  }
  return healing
}

/** Fills pages of a copy with zeros: what is on them cannot be told from what was, and must not be read as if it could. */
export function blankPages(copy: string, sums: PageSums, pages: readonly number[]): void {
  const target = openSync(copy, 'r+')
  try {
    // The first page holds the definitions of all tables: without it nothing at all could be read.
    for (const index of pages.filter((each) => each > 0))
      writeSync(target, Buffer.alloc(sums.pageSize), 0, sums.pageSize, index * sums.pageSize)
  } finally {
    closeSync(target)
  }
}
