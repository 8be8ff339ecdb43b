/** One argument as a shell reads it: single quotes on POSIX, double quotes on Windows. */
export function quoteArgument(text: string, windows: boolean): string {
  if (windows) return `"${text.replaceAll('"', '""')}"`
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`
}

/** What an operator types to verify a bundle with the public key that the signer handed over. */
export function verifyCommand(bundle: string, publicKey: string, windows = /Win/.test(navigator.platform)): string {
  return `drydock verify ${quoteArgument(bundle, windows)} --key ${quoteArgument(publicKey, windows)}`
}
