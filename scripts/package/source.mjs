/** Which sources a package is made of. */
import { root } from '../electron-resolver.mjs'
import { capture } from '../terminal.mjs'

/**
 * The commit and its time, which stands in every date of the package so that two builds of it are the same.
 * @returns {{ commit: string, builtAt: string, seconds: number }} `commit` ends in "+changes" when files differ from it
 */
export function readSource() {
  const git = (...args) => capture('git', ['-C', root, ...args])
  const head = git('log', '-1', '--format=%H %ct')
  const given = Number(process.env.SOURCE_DATE_EPOCH)
  if (head.code !== 0) {
    if (!given)
      throw new Error('This is no checkout of git, so the time of the sources is not known. Set SOURCE_DATE_EPOCH to it, in seconds.')
    return { commit: 'unknown', builtAt: new Date(given * 1000).toISOString(), seconds: given }
  }
  const [hash, time] = head.output.trim().split(' ')
  const isChanged = git('status', '--porcelain', '--untracked-files=no').output.trim() !== ''
  if (isChanged) console.warn('Files differ from the last commit; the package says so.')
  const seconds = given || Number(time)
  return { commit: isChanged ? `${hash}+changes` : hash, builtAt: new Date(seconds * 1000).toISOString(), seconds }
}
