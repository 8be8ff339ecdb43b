export { createKeyring, openKeyFile, type Keyring } from './keyring'
export { createPeople, type People } from './people'
