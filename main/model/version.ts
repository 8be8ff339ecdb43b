/** The version that documents and bundles name; equal to package.json, which a test checks. */
export const DRYDOCK_VERSION = '0.1.0'
