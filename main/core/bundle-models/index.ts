export { bundleModel } from './bundle-model'
