/** A folder name for a workspace name: letters, digits and dashes of any script, without what file systems refuse. */
export function folderNameOf(name: string): string {
  const folder = name
    .normalize('NFC')
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\p{M}]+/gu, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 60)
    .replace(/-+$/, '')
  return /^(con|prn|aux|nul|com\d|lpt\d)$/.test(folder) ? `${folder}-workspace` : folder
}

/** The folder that holds `directory`, for both kinds of separators. */
export function parentOf(directory: string): string {
  const trimmed = directory.replace(/[\\/]+$/, '')
  const cut = Math.max(trimmed.lastIndexOf('/'), trimmed.lastIndexOf('\\'))
  return cut < 0 ? '' : trimmed.slice(0, cut) || trimmed.slice(0, 1)
}

export function joinPath(parent: string, name: string, platform: string): string {
  const separator = platform === 'win32' ? '\\' : '/'
  return /[\\/]$/.test(parent) ? parent + name : parent + separator + name
}

/** What a workspace that is made for a file is called: the file without its ending, in words, with a number where such a folder is there. */
export function nameForFile(file: string, isThere: (folder: string) => boolean): string {
  const words = file
    .replace(/\.[^.]*$/, '')
    .replace(/[_\s]+/g, ' ')
    .trim()
    .slice(0, 60)
    .trim()
  const name = folderNameOf(words) ? words : 'My data'
  let free = name
  for (let number = 2; isThere(folderNameOf(free)); number++) free = `${name} ${number}`
  return free
}
