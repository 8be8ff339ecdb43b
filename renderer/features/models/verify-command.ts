import { quoteArgument } from '../../../main/model/shell-quoting'

/** What an operator types to verify a bundle with the public key that the signer handed over. */
export function verifyCommand(bundle: string, publicKey: string, windows = /Win/.test(navigator.platform)): string {
  return `drydock verify ${quoteArgument(bundle, windows)} --key ${quoteArgument(publicKey, windows)}`
}
