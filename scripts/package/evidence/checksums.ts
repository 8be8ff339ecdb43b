/** Digests as `sha256sum -c` reads them, sorted by name. @throws Error for a name that the format would have to escape */
export function writeChecksums(files: readonly { file: string; sha256: string }[]): string {
  const odd = files.find(({ file }) => /[\\\n\r]/.test(file))
  if (odd) throw new Error(`A file of a release must not be named ${JSON.stringify(odd.file)}.`)
  return [...files]
    .sort((a, b) => (a.file < b.file ? -1 : 1))
    .map(({ file, sha256 }) => `${sha256}  ${file}\n`)
    .join('')
}
