export { createKeyring, openKeyFile, type KeyCard, type Keyring } from './keyring'
export { createPeople, type People } from './people'
