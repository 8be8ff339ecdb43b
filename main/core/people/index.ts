export { createKeyring, openKeyFile, type Keyring } from './keyring'
export type { People } from './people'
export { manifest } from './manifest'
