export { createKeyring, openKeyFile, type Keyring } from './keyring'
export type { People, PeopleWriter } from './people'
export { assertDecides, isConfirmed } from './rights'
export { manifest } from './manifest'
